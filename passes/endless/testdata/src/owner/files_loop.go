package owner

import "time"

func (s *Spread) workBad() {
	for { // want `no exit`
		for _, job := range s.jobs {
			job()
		}
		time.Sleep(time.Second)
	}
}
