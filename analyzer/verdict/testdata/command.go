package main

import (
	"net"
	"os"
	"time"
)

func try() error { return os.Chdir("/") }

// skipped.go: when main returns, the process ends.
func main() {
	quit := make(chan struct{})
	go func() { // WANT: stops by quit
		<-quit
	}()
	go func() { // WANT: by process
		for {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stuck (it sends on ch at +2, and nothing receives)
		ch := make(chan int)
		ch <- 1
	}()
	l, _ := net.Listen("tcp", "host:1")
	go func() { // WANT: by process
		for {
			if _, err := l.Accept(); err != nil {
				return
			}
		}
	}()
	serve()
	if try() != nil {
		return
	}
	close(quit)
}

func serve() {
	go func() { // WANT: by process
		select {}
	}()
}
