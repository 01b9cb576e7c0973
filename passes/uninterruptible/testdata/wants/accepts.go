package p

import (
	"context"
	"net"
	"sync"
)

// Functions with a context that accept.

func handle(ctx context.Context, c net.Conn) {
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	_, _ = c.Write([]byte("hello"))
}

func ListenBad(ctx context.Context, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer l.Close()
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		c, err := l.Accept() // want "function cannot stop in l.Accept: nobody closes l or sets a deadline on it when ctx asks"
		if err != nil {
			return err
		}
		wg.Go(func() { handle(ctx, c) })
	}
}

func Callee(ctx context.Context, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer l.Close()
	println(ctx.Err())
	return loopBad(l)
}

func loopBad(l net.Listener) error {
	for {
		c, err := l.Accept() // want "function cannot stop in l.Accept: nobody closes l"
		if err != nil {
			return err
		}
		c.Close()
	}
}

func AfterOk(ctx context.Context, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go handle(ctx, c)
	}
}

func GoOk(ctx context.Context, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		l.Close()
	}()
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go handle(ctx, c)
	}
}

// The caller has the listener and closes it.
func GivenOk(ctx context.Context, l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go handle(ctx, c)
	}
}
