package waits

import (
	"bytes"
	"compress/lzw"
	"io"
	"net"
)

// A Meter is implemented by code that is not read.
type Meter interface {
	Add(n int)
	Level() int
	Run() error
	Debugf(format string, args ...any)
}

func Told(m Meter) {
	go func() { m.Add(1) }()             // WANT: ends, if m.Add returns
	go func() { _ = m.Level() }()        // WANT: ends, if m.Level returns
	go func() { _ = m.Run() }()          // WANT: ends, if m.Run returns
	go func() { m.Debugf("%d", 1) }()    // WANT: ends: runs Told$4
	go func() { m.Add(1); <-stops }()    // WANT: stops by stops, if m.Add returns
	go func() { m.Add(m.Level() + 1) }() // WANT: ends, if m.Add or m.Level returns
}

var stops = make(chan struct{})

func Stop() { close(stops) }

func put(w io.Writer) { w.Write([]byte("text")) }

func InMemory(b *bytes.Buffer, c net.Conn) {
	go put(b)   // WANT: ends
	go put(c)   // WANT: ends, if c is closed
	go func() { // WANT: ends
		z := lzw.NewWriter(b, lzw.LSB, 8)
		z.Write([]byte("text"))
	}()
	go func() { // WANT: ends, if c is closed
		z := lzw.NewWriter(c, lzw.LSB, 8)
		z.Write([]byte("text"))
	}()
}

func Starts(f func()) {
	go func() { f() }()
}

func hands(f func()) { Starts(f) }

func Uses(c chan int) {
	hands(func() {})       // WANT: ends: runs Uses$1 through example.com/verdict/waits.hands
	Starts(func() { <-c }) // WANT: ends, if c is closed or sent on
	Starts(nil)
}

func Alone(f func()) {
	go func() { // WANT: ends, if f returns
		f()
	}()
}
