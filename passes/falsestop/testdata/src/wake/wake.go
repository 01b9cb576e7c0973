// Package wake holds false stops whose fix lets something wake the goroutine.
package wake

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"os/exec"
)

type server struct{ ln net.Listener }

func serve(addr string) (*server, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &server{ln: ln}
	go s.acceptBad()
	return s, nil
}

func (s *server) acceptBad() {
	for {
		conn, err := s.ln.Accept() // want `close has no effect: s.ln.Accept returns an error after it, and the loop goes round again`
		if err != nil {
			log.Print(err) // perhaps too many files
			continue
		}
		go conn.Close()
	}
}

// Close stops the server.
func (s *server) Close() error { return s.ln.Close() }

func listenBad(ctx context.Context) {
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	for {
		conn, err := ln.Accept() // want `stop has no effect: the context given to config.Listen does not end ln.Accept`
		if err != nil {
			return
		}
		conn.Close()
	}
}

func startListen() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go listenBad(ctx)
}

func commandBad(ctx context.Context, script string) string {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "sh", "-c", script) // the script may start others
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil { // want `stop may have no effect: cmd.Run waits until all children`
		return ""
	}
	return out.String()
}

func startCommand() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go commandBad(ctx, "make")
}

func swallowBad(r io.Reader, use func([]byte)) {
	buf := make([]byte, 100)
	for {
		n, err := r.Read(buf)
		if err == io.EOF { // want `stop has no effect: io.EOF says that the end has come`
			continue
		}
		use(buf[:n])
	}
}

func startSwallow(r io.Reader, use func([]byte)) { go swallowBad(r, use) }

type mailer struct {
	mails chan string
	quit  chan struct{}
}

func newMailer() *mailer {
	m := &mailer{mails: make(chan string), quit: make(chan struct{})}
	go m.runBad()
	return m
}

func (m *mailer) runBad() {
	for {
		select {
		case text := <-m.mails:
			log.Print(text)
		case <-m.quit: // want `stop has no effect: after m.quit the loop goes round again`
			log.Print("stop") // the last word
		}
	}
}

// Close ends the mailer.
func (m *mailer) Close() { close(m.quit) }
