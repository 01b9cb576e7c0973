// Command leak only logs that it was told to stop.
package main

import (
	"log"
	"time"

	"example.com/leaks/judge"
)

type mailer struct {
	quit    chan struct{}
	mails   chan string
	pending []string
}

func (m *mailer) run() {
	digest := time.NewTicker(5 * time.Millisecond)
	defer digest.Stop()
	for {
		select {
		case text := <-m.mails:
			m.pending = append(m.pending, text)
		case <-digest.C:
			m.pending = nil
		case <-m.quit:
			log.Print("mailer stops")
		}
	}
}

func start() *mailer {
	m := &mailer{quit: make(chan struct{}, 1), mails: make(chan string)}
	go m.run()
	return m
}

// Stop ends the mailer.
func (m *mailer) Stop() { m.quit <- struct{}{} }

func main() {
	for range 2 {
		m := start()
		m.mails <- "hello"
		m.Stop()
	}
	judge.Report()
}
