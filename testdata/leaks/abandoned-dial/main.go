// Command abandoned-dial connects in the background and gives up after a while.
package main

import (
	"errors"
	"fmt"
	"net"
	"time"

	"example.com/leaks/judge"
)

func slowDial(addr string) (net.Conn, error) {
	time.Sleep(5 * time.Millisecond)
	return net.Dial("tcp", addr)
}

func dial(addr string, d time.Duration) error {
	problem := make(chan error)
	go func() {
		conn, err := slowDial(addr)
		if err == nil {
			conn.Close()
		}
		problem <- err
	}()
	select {
	case err := <-problem:
		return err
	case <-time.After(d):
		return errors.New("too slow")
	}
}

func main() {
	for range 2 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		fmt.Println(dial(ln.Addr().String(), time.Millisecond))
		time.Sleep(20 * time.Millisecond)
		ln.Close()
	}
	judge.Report()
}
