// Package prometheus5eb9840 is after prometheus 5eb9840ed79f: two indexes are
// written side by side, and an error of the first skips the second receive.
package prometheus5eb9840

type index interface{ Commit(batch []byte) error }

// AppendBad writes a batch to both indexes.
func AppendBad(samples, watermarks index, batch []byte) error {
	samplesErr := make(chan error)
	watermarksErr := make(chan error)
	go func() { samplesErr <- samples.Commit(batch) }()
	go func() { watermarksErr <- watermarks.Commit(batch) }()
	if err := <-samplesErr; err != nil {
		return err
	}
	if err := <-watermarksErr; err != nil {
		return err
	}
	return nil
}

// AppendOk writes a batch to both indexes.
func AppendOk(samples, watermarks index, batch []byte) error {
	samplesErr := make(chan error, 1)
	watermarksErr := make(chan error, 1)
	go func() { samplesErr <- samples.Commit(batch) }()
	go func() { watermarksErr <- watermarks.Commit(batch) }()
	if err := <-samplesErr; err != nil {
		return err
	}
	if err := <-watermarksErr; err != nil {
		return err
	}
	return nil
}
