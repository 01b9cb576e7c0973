package owner

func newSpread(jobs ...func()) *Spread {
	s := &Spread{jobs: jobs, wake: make(chan bool)}
	go s.workBad()
	return s
}
