// Command leak runs a program that knows no context.
package main

import (
	"context"
	"log"
	"os/exec"
	"time"

	"example.com/leaks/judge"
)

func convert(ctx context.Context, seconds string) {
	if ctx.Err() != nil {
		return
	}
	if err := exec.Command("sleep", seconds).Run(); err != nil {
		log.Print(err)
	}
}

func request() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	go convert(ctx, "4")
	<-ctx.Done()
}

func main() {
	for range 2 {
		request()
	}
	judge.Report()
}
