package owner

import "time"

func (s *spread) workBad() {
	for { // want `no exit`
		for _, job := range s.jobs {
			job()
		}
		time.Sleep(time.Second)
	}
}
