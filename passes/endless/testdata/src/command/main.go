// A command: what main starts lives as long as the process.
package main

import "time"

func main() {
	go spin()
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
	for range 4 {
		go spin()
	}
	for _, name := range []string{"a", "b"} {
		go watch(name)
	}
	for name := range names {
		go handleBad(name)
	}
	_ = newCommand().run(nil)
	select {}
}

var names = make(chan string)

func watch(string) { spin() }

func handleBad(string) {
	for { // want `goroutine never stops`
		time.Sleep(time.Second)
	}
}

func spin() {
	for range time.Tick(time.Second) {
	}
}

// What a library for command lines runs is part of main.
type command struct {
	run func(args []string) error
}

func newCommand() command {
	return command{run: func([]string) error {
		collectOk()
		return nil
	}}
}

func collectOk() {
	go func() {
		for {
			time.Sleep(time.Hour)
		}
	}()
}
