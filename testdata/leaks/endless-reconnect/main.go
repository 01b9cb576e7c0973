// Command endless-reconnect keeps links to a server that is gone. Shutdown
// closes the connection, and the loop goes on dialling.
package main

import (
	"io"
	"net"
	"sync"
	"time"

	"example.com/leaks/judge"
)

type link struct {
	addr string

	mu   sync.Mutex
	conn net.Conn
}

func open(addr string) *link {
	l := &link{addr: addr}
	go l.maintain()
	return l
}

func (l *link) maintain() {
	for {
		conn, err := net.Dial("tcp", l.addr)
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		l.set(conn)
		io.Copy(io.Discard, conn)
		conn.Close()
	}
}

func (l *link) set(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
}

// Shutdown closes the connection, if there is one.
func (l *link) Shutdown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Close()
	}
}

func deadAddress() string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func main() {
	addr := deadAddress()
	for range 2 {
		l := open(addr)
		time.Sleep(50 * time.Millisecond)
		l.Shutdown()
	}
	judge.Report()
}
