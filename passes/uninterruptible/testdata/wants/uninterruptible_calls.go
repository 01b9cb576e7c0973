package uninterruptible

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

func sleepBad(ctx context.Context, work func()) {
	go func() {
		for ctx.Err() == nil {
			work()
			time.Sleep(time.Minute) // want "^goroutine cannot stop while it sleeps: ctx does not end time.Sleep"
		}
	}()
}

func backoffBad(ctx context.Context, work func() error) {
	go func() {
		d := 10 * time.Millisecond
		for ctx.Err() == nil && work() != nil {
			time.Sleep(d) // want "while it sleeps"
			d *= 2
		}
	}()
}

func shortSleepOk(ctx context.Context, work func()) {
	go func() {
		for ctx.Err() == nil {
			work()
			time.Sleep(100 * time.Millisecond)
		}
	}()
}

func cappedOk(ctx context.Context, work func() error) {
	go func() {
		d := 10 * time.Millisecond
		for ctx.Err() == nil && work() != nil {
			time.Sleep(d)
			d *= 2
			if d > 300*time.Millisecond {
				d = 300 * time.Millisecond
			}
		}
	}()
}

func minOk(ctx context.Context, work func() error) {
	go func() {
		d := 10 * time.Millisecond
		for ctx.Err() == nil && work() != nil {
			time.Sleep(d)
			d = min(2*d, 300*time.Millisecond)
		}
	}()
}

var maxBackoff = 100 * time.Millisecond

func wait(backoff time.Duration) time.Duration {
	if backoff < maxBackoff {
		backoff += backoff / 4
		if backoff > maxBackoff {
			backoff = maxBackoff
		}
	}
	time.Sleep(backoff)
	return backoff
}

func backoffOk(ctx context.Context, work func() error) {
	go func() {
		backoff := time.Millisecond
		for ctx.Err() == nil && work() != nil {
			backoff = wait(backoff)
		}
	}()
}

const tick = 50 * time.Millisecond

func pause(d time.Duration) { time.Sleep(d) }

func shortArgumentOk(ctx context.Context, work func()) {
	go func() {
		for ctx.Err() == nil {
			work()
			pause(tick)
			pause(2 * tick)
		}
	}()
}

// The stop has been seen: this is how long the end may take.
func graceOk(ctx context.Context, end func()) {
	go func() {
		<-ctx.Done()
		time.Sleep(5 * time.Second)
		end()
	}()
	go func() {
		select {
		case <-ctx.Done():
			time.Sleep(5 * time.Second)
		case <-time.After(time.Hour):
		}
		end()
	}()
	go func() {
		if ctx.Err() != nil {
			time.Sleep(5 * time.Second)
		}
		end()
	}()
}

func selectOk(ctx context.Context, work func()) {
	go func() {
		for {
			work()
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
				return
			}
		}
	}()
}

func noSignalOk(work func()) {
	go func() {
		time.Sleep(time.Minute)
		work()
	}()
}

// The channel says that something has started.
type process struct{ started, quit chan struct{} }

func (p *process) runOk(work func()) {
	time.Sleep(time.Minute)
	<-p.started
	work()
}

func (p *process) watch() { close(p.started) }

func start(p *process, work func()) {
	go p.runOk(work)
	go p.watch()
}

// The channel is closed to end it.
type job struct{ quit chan struct{} }

func (j *job) runBad(work func()) {
	for {
		select {
		case <-j.quit:
			return
		default:
		}
		work()
		time.Sleep(time.Minute) // want "j.quit does not end time.Sleep"
	}
}

func (j *job) start(work func()) { go j.runBad(work) }
func (j *job) Stop()             { close(j.quit) }

func dialBad(ctx context.Context, use func(context.Context, net.Conn)) {
	go func() {
		conn, err := net.Dial("tcp", "example.com:80") // want "net.Dialer.DialContext takes a context"
		if err == nil {
			use(ctx, conn)
		}
	}()
}

func dialOk(ctx context.Context, use func(context.Context, net.Conn)) {
	go func() {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", "example.com:80")
		if err == nil {
			use(ctx, conn)
		}
	}()
}

func queryBad(ctx context.Context, db *sql.DB) {
	go func() {
		if ctx.Err() == nil {
			db.Exec("DELETE FROM log") // want "db.Exec: ctx does not end it, sql.DB.ExecContext"
		}
	}()
}

func queryOk(ctx context.Context, db *sql.DB) {
	go func() { db.ExecContext(ctx, "DELETE FROM log") }()
}

func requestBad(ctx context.Context, c *http.Client, url string) {
	go func() {
		if ctx.Err() != nil {
			return
		}
		req, err := http.NewRequest("GET", url, nil)
		if err != nil {
			return
		}
		c.Do(req) // want "c.Do: ctx does not end it, http.NewRequestWithContext"
	}()
}

func requestOk(ctx context.Context, c *http.Client, url string) {
	go func() {
		req, err := http.NewRequest("GET", url, nil)
		if err != nil {
			return
		}
		c.Do(req.WithContext(ctx))
	}()
}

func commandBad(ctx context.Context) {
	go func() {
		if ctx.Err() == nil {
			cmd := exec.Command("sleep", "100")
			cmd.Run() // want "cmd.Run: ctx does not end it, exec.CommandContext"
		}
	}()
}

func killedOk(ctx context.Context) {
	go func() {
		cmd := exec.Command("sleep", "100")
		context.AfterFunc(ctx, func() { cmd.Process.Kill() })
		cmd.Run()
	}()
}

func acceptBad(ctx context.Context) {
	ln, err := net.Listen("tcp", ":0")
	if err != nil {
		return
	}
	go func() {
		defer ln.Close()
		for ctx.Err() == nil {
			conn, err := ln.Accept() // want "^goroutine cannot stop in ln.Accept: nobody closes ln"
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
}

func acceptOk(ctx context.Context) {
	ln, err := net.Listen("tcp", ":0")
	if err != nil {
		return
	}
	go func() {
		for ctx.Err() == nil {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	<-ctx.Done()
	ln.Close()
}

func deadlineOk(ctx context.Context) {
	conn, err := net.Dial("tcp", "example.com:80")
	if err != nil {
		return
	}
	go func() {
		defer conn.Close()
		buf := make([]byte, 512)
		for ctx.Err() == nil {
			conn.SetReadDeadline(time.Now().Add(time.Second))
			conn.Read(buf)
		}
	}()
}

// UDPConn gets SetDeadline from a part of it.
func partOk(ctx context.Context) {
	conn, err := net.ListenUDP("udp", nil)
	if err != nil {
		return
	}
	go func() {
		defer conn.Close()
		buf := make([]byte, 512)
		for ctx.Err() == nil {
			conn.SetDeadline(time.Now().Add(time.Second))
			conn.ReadFromUDP(buf)
		}
	}()
}

// Somebody else has the handle.
func handedOnOk(ctx context.Context, keep func(net.Listener)) {
	ln, err := net.Listen("tcp", ":0")
	if err != nil {
		return
	}
	keep(ln)
	go func() {
		for ctx.Err() == nil {
			if conn, err := ln.Accept(); err == nil {
				conn.Close()
			}
		}
	}()
}

func stdinBad(ctx context.Context, use func(string)) {
	go func() {
		in := bufio.NewScanner(os.Stdin)
		for ctx.Err() == nil && in.Scan() { // want "^goroutine .* standard input"
			use(in.Text())
		}
	}()
}

// The channel tells of an event for which the goroutine waits: it is no stop.

func eventOk(ln net.Listener, client func()) {
	done := make(chan struct{})
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
			return
		}
		<-done
		c.Close()
	}()
	client()
	close(done)
}

func eventBad(ln net.Listener, client func()) {
	done := make(chan struct{})
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		for {
			if _, err := io.ReadFull(c, make([]byte, 1)); err != nil { // want "nobody closes what is behind c"
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	}()
	client()
	close(done)
}

// A proxy copies both ways. Each side closes both ends, but only after its own
// read has ended.

type proxy struct {
	done chan struct{}
	in   net.Conn
	errs chan error
}

func (p *proxy) Close() { close(p.done) }

func bothWays(done chan struct{}, ln net.Listener) {
	p := &proxy{done: done, errs: make(chan error)}
	in, err := ln.Accept()
	if err != nil {
		return
	}
	out, err := ln.Accept()
	if err != nil {
		return
	}
	go func() {
		defer in.Close()
		p.passBad(out, in)
		out.Close()
	}()
	go func() {
		p.passBad(in, out)
		out.Close()
		in.Close()
	}()
	p.Close()
}

func (p *proxy) passBad(dst io.Writer, src io.Reader) {
	buf := make([]byte, 1024)
	for {
		n, err := src.Read(buf) // want "nobody closes what is behind src"
		if err != nil {
			select {
			case p.errs <- err:
			case <-p.done:
			}
			return
		}
		dst.Write(buf[:n])
	}
}

func bothWaysOk(done chan struct{}, ln net.Listener) {
	p := &proxy{done: done, errs: make(chan error)}
	in, err := ln.Accept()
	if err != nil {
		return
	}
	out, err := ln.Accept()
	if err != nil {
		return
	}
	go func() {
		p.passOk(out, in)
		out.Close()
	}()
	go func() {
		p.passOk(in, out)
		in.Close()
	}()
	go func() {
		<-p.done
		in.Close()
		out.Close()
	}()
	p.Close()
}

func (p *proxy) passOk(dst io.Writer, src io.Reader) {
	buf := make([]byte, 1024)
	for {
		n, err := src.Read(buf)
		if err != nil {
			select {
			case p.errs <- err:
			case <-p.done:
			}
			return
		}
		dst.Write(buf[:n])
	}
}

// To open a FIFO waits for its other end.

func fifoBad(ctx context.Context, dir string, use func(*os.File)) error {
	name := filepath.Join(dir, "control")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		return err
	}
	go func() {
		for ctx.Err() == nil {
			f, err := os.Open(name) // want "^\\(ext\\) goroutine cannot stop in os.Open: it waits for the other end of the FIFO, and ctx does not end that"
			if err != nil {
				return
			}
			use(f)
			f.Close()
		}
	}()
	return nil
}

func fifoOk(ctx context.Context, dir string, use func(*os.File)) error {
	name := filepath.Join(dir, "control")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		return err
	}
	go func() {
		for ctx.Err() == nil {
			f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
			if err != nil {
				return
			}
			use(f)
			f.Close()
			g, err := os.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				return
			}
			use(g)
			g.Close()
			h, err := os.Open(filepath.Join(dir, "other"))
			if err != nil {
				return
			}
			use(h)
			h.Close()
		}
	}()
	return nil
}

// A channel on which the goroutine tells that it is done is no stop.

func tellsOk(work func()) {
	done := make(chan struct{}, 2)
	defer close(done)
	for range 2 {
		go func() {
			work()
			time.Sleep(1100 * time.Millisecond)
			done <- struct{}{}
		}()
	}
	<-done
	<-done
}

// A random time has a limit.

func jitterOk(ctx context.Context, work func()) {
	go func() {
		for ctx.Err() == nil {
			work()
			time.Sleep(time.Duration(rand.Intn(10)) * time.Millisecond)
		}
	}()
}

// So has an integer of few bits that counts nanoseconds.
func smallJitterOk(ctx context.Context, work func(), jitter uint16) {
	go func() {
		for ctx.Err() == nil {
			work()
			time.Sleep(time.Duration(jitter))
		}
	}()
}

func unitJitterBad(ctx context.Context, work func(), jitter uint16) {
	go func() {
		for ctx.Err() == nil {
			work()
			time.Sleep(time.Duration(jitter) * time.Second) // want "while it sleeps"
		}
	}()
}

func jitterBad(ctx context.Context, work func()) {
	go func() {
		for ctx.Err() == nil {
			work()
			time.Sleep(time.Duration(rand.Intn(10)) * time.Minute) // want "while it sleeps"
		}
	}()
}
