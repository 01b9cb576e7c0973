package lib

// A Burner keeps a core busy. No driver reports its loop.
type Burner struct{ n int }

func NewBurner() *Burner {
	b := &Burner{}
	go b.burn()
	return b
}

func (b *Burner) burn() {
	//killcheck:ignore endless -- it burns until the process ends
	for {
		b.n++
	}
}
