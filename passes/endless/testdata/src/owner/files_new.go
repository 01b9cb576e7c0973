package owner

func newSpread(jobs ...func()) *spread {
	s := &spread{jobs: jobs, wake: make(chan bool)}
	go s.workBad()
	return s
}
