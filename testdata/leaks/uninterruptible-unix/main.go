// Command uninterruptible-unix accepts on a socket in the file system.
package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"time"

	"example.com/leaks/judge"
)

func serve(ctx context.Context, ln *net.UnixListener) {
	for ctx.Err() == nil {
		conn, err := ln.AcceptUnix()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func session() {
	dir, err := os.MkdirTemp("", "sock")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "s"), Net: "unix"})
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go serve(ctx, ln)
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
