package handles

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

func try() error { return os.Chdir("/") }

// closers.go

// The handle is what who calls gives.
func Given(c net.Conn) {
	go func() { c.Read(nil) }()   // WANT: ends, if c is closed
	go func() { io.ReadAll(c) }() // WANT: ends, if c is closed
}

func Closed() {
	c, _ := net.Dial("tcp", "host:1")
	defer c.Close()
	go func() { c.Read(nil) }() // WANT: stops by c.Close
	work()
}

func ClosedOnOnePath() error {
	c, _ := net.Dial("tcp", "host:1")
	go func() { c.Read(nil) }() // WANT: unknown (it waits in c.Read at +0, which is not raised before the return at +2)
	if err := try(); err != nil {
		return err
	}
	return c.Close()
}

func NotClosed() {
	c, _ := net.Dial("tcp", "host:1")
	go func() { c.Read(nil) }() // WANT: unknown (waits in c.Read at +0, and nobody else calls c.Close)
	work()
}

// The goroutine alone closes it, after the wait.
func ClosedBySelf() {
	c, _ := net.Dial("tcp", "host:1")
	go func() { // WANT: unknown (waits in c.Read at +2, and nobody else calls c.Close)
		defer c.Close()
		c.Read(nil)
	}()
}

// When a context ends, another goroutine closes it.
func ClosedByContext(ctx context.Context) {
	c, _ := net.Dial("tcp", "host:1")
	context.AfterFunc(ctx, func() { c.Close() }) // WANT: ends
	go func() { c.Read(nil) }()                  // WANT: stops by c.Close
}

// What reads through a buffer ends with what is below it.
func ThroughBuffer() {
	c, _ := net.Dial("tcp", "host:1")
	defer c.Close()
	r := bufio.NewReader(c)
	go func() { r.ReadByte() }() // WANT: stops by c.Close
	work()
}

func ThroughBufferOpen() {
	c, _ := net.Dial("tcp", "host:1")
	r := bufio.NewReader(c)
	go func() { r.ReadByte() }() // WANT: unknown (waits in r.ReadByte at +0, and nobody else calls a close of r)
	work()
}

// A method that closes what it is given stands for its call.
func shut(c net.Conn) { c.Close() }

func ByHelper() {
	c, _ := net.Dial("tcp", "host:1")
	go func() { c.Read(nil) }() // WANT: stops by shut
	work()
	shut(c)
}

// From the callers: one of them closes what it gives, the other does not.
func reads(c net.Conn) {
	go func() { c.Read(nil) }() // WANT: unknown (waits in c.Read at +0, and nobody else calls c.Close)
}

func Gives() {
	c, _ := net.Dial("tcp", "host:1")
	defer c.Close()
	reads(c)
}

func GivesOpen() {
	c, _ := net.Dial("tcp", "host:1")
	reads(c)
}

func readsClosed(c net.Conn) {
	go func() { c.Read(nil) }() // WANT: stops by c.Close
}

func GivesClosed() {
	c, _ := net.Dial("tcp", "host:1")
	defer c.Close()
	readsClosed(c)
	work()
}

// beside.go

// The buffer over a connection, and that: the close of the one ends waits on the other.
type session struct {
	c net.Conn
	r *bufio.Reader
}

func NewSession(c net.Conn) *session {
	s := &session{c: c, r: bufio.NewReader(c)}
	go s.read() // WANT: stops by s.c.Close
	return s
}

func (s *session) read() { s.r.ReadByte() }

func (s *session) Close() { s.c.Close() }

// The package sets the connection anew: the buffer may be over another one.
type redialled struct {
	c net.Conn
	r *bufio.Reader
}

func NewRedialled(c net.Conn) *redialled {
	s := &redialled{c: c, r: bufio.NewReader(c)}
	go s.read() // WANT: ends, if what s.r works on is closed
	return s
}

func (s *redialled) read() { s.r.ReadByte() }

func (s *redialled) dial() { s.c, _ = net.Dial("tcp", "host:1") }

func (s *redialled) Close() { s.dial(); s.c.Close() }

// The connection of the buffer is that of another object.
type crossed struct {
	c net.Conn
	r *bufio.Reader
}

func NewCrossed(c, d net.Conn) (*crossed, *crossed) {
	s := &crossed{r: bufio.NewReader(c)}
	o := &crossed{c: c}
	go s.read() // WANT: ends, if what s.r works on is closed
	return s, o
}

func (s *crossed) read() { s.r.ReadByte() }

func (s *crossed) Close() { s.c.Close() }

// Nobody closes the connection.
type open struct {
	c net.Conn
	r *bufio.Reader
}

func NewOpen(c net.Conn) *open {
	s := &open{c: c, r: bufio.NewReader(c)}
	go s.read() // WANT: ends, if what s.r works on is closed
	return s
}

func (s *open) read() { s.r.ReadByte() }

func (s *open) Addr() net.Addr { return s.c.LocalAddr() }

// deadline.go

func Deadline(c net.Conn, d time.Duration, zero time.Time) {
	go func() { // WANT: ends
		c.SetDeadline(time.Now().Add(d))
		c.Read(nil)
	}()
	go func() { // WANT: ends
		c.SetReadDeadline(time.Now().Add(d))
		c.Read(nil)
	}()
	go func() { // WANT: ends, if c is closed
		c.SetWriteDeadline(time.Now().Add(d))
		c.Read(nil)
	}()
	go func() { // WANT: ends, if c is closed
		c.Read(nil)
		c.SetDeadline(time.Now().Add(d))
	}()
	go func() { // WANT: ends, if c is closed
		if d > 0 {
			c.SetDeadline(time.Now().Add(d))
		}
		c.Read(nil)
	}()
	go func() { // WANT: ends, if c is closed
		c.SetDeadline(zero)
		c.Read(nil)
	}()
	go func() { // WANT: ends
		until := time.Now().Add(d)
		c.SetDeadline(until)
		c.Read(nil)
	}()
}

// Where somebody takes the deadline away, it bounds nothing.
func DeadlineCleared() {
	c, _ := net.Dial("tcp", "host:1")
	go func() { // WANT: unknown (waits in c.Read at +2, and nobody else calls c.Close)
		c.SetDeadline(time.Now().Add(time.Second))
		c.Read(nil)
	}()
	c.SetDeadline(time.Time{})
}

// limit.go

type getter struct{ some, set, none *http.Client }

func NewGetter(d time.Duration) *getter {
	return &getter{&http.Client{Timeout: d}, &http.Client{Timeout: time.Second}, &http.Client{}}
}

func (g *getter) Gets(r *http.Request) {
	go func() { g.some.Do(r) }() // WANT: ends, if g.some.Timeout is set
	go func() { g.set.Do(r) }()  // WANT: ends
	go func() { g.none.Do(r) }() // WANT: ends, if the context of r ends
}

func Gets(r *http.Request) {
	c := &http.Client{Timeout: time.Second}
	go func() { c.Do(r) }() // WANT: ends
	d := &http.Client{Timeout: 0}
	go func() { d.Do(r) }() // WANT: ends, if the context of r ends
}

// rows.go

func Rows(ctx context.Context, db *sql.DB, mu *sync.Mutex, f *os.File, b *bytes.Buffer) {
	go func() { time.Sleep(time.Second) }()             // WANT: ends
	go func() { db.QueryContext(ctx, "select") }()      // WANT: stops by ctx.Done()
	go func() { db.Query("select") }()                  // WANT: unknown (waits in db.Query at +0)
	go func() { mu.Lock() }()                           // WANT: ends
	go func() { io.ReadAll(b) }()                       // WANT: ends
	go func() { io.ReadAll(os.Stdin) }()                // WANT: ends, if os.Stdin is closed
	go func() { http.ListenAndServe(":1", nil) }()      // WANT: stuck (it waits in http.ListenAndServe at +0, which nothing ends)
	go func() { exec.Command("true").Run() }()          // WANT: unknown (waits in exec.Command("true").Run at +0, and nobody else calls a close of exec.Command("true"))
	go func() { exec.CommandContext(ctx, "a").Run() }() // WANT: stops by ctx.Done()
}

// The context that a request carries.
func Carried(ctx context.Context, c *http.Client) {
	r, _ := http.NewRequestWithContext(ctx, "GET", "http://host", nil)
	go func() { c.Do(r) }() // WANT: stops by ctx.Done()
	bare, _ := http.NewRequest("GET", "http://host", nil)
	go func() { c.Do(bare) }() // WANT: unknown (waits in c.Do at +0)
}

// A server ends by its Shutdown.
type web struct{ s *http.Server }

func NewWeb() *web {
	w := &web{&http.Server{}}
	go w.serve() // WANT: stops by w.s.Shutdown
	return w
}

func (w *web) serve() { w.s.ListenAndServe() }

func (w *web) Close() { w.s.Shutdown(context.Background()) }

// unclosed.go, leftopen.go

func accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func Accepts() error {
	l, err := net.Listen("tcp", "host:1")
	if err != nil {
		return err
	}
	defer l.Close()
	go accept(l) // WANT: stops by l.Close
	return try()
}

var errBusy = errors.New("busy")

// What another call makes may be closed there.
func AcceptsGiven(l net.Listener) {
	go func() { // WANT: stops by l.Close
		for {
			if _, err := l.Accept(); err != nil {
				return
			}
		}
	}()
}
