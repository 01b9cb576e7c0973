// Package accept holds a loop that takes the end of its listener for a passing error.
package accept

import (
	"net"
	"time"
)

// Run starts the loop and closes the listener.
func Run() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				time.Sleep(time.Millisecond)
				continue
			}
			c.Close()
		}
	}()
	l.Close()
}
