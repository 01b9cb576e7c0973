// A command: what main starts lives as long as the process.
package main

import (
	"expvar"
	"time"
)

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
	for _, show := range []func(){firstOk, secondOk} {
		show()
	}
	for range names {
		againBad()
	}
	runs(map[string]func(){"first": func() { commandOk() }})
	select {}
}

// A loop over a list of functions calls each of them once.
func firstOk() {
	go func() {
		for {
			time.Sleep(time.Hour)
		}
	}()
}

func secondOk() {
	go func() {
		for {
			time.Sleep(time.Minute)
		}
	}()
}

func againBad() {
	go func() {
		for { // want `goroutine never stops`
			time.Sleep(time.Minute)
		}
	}()
}

// Nobody sees how often what a library is given runs.
func commandOk() {
	go func() {
		for {
			time.Sleep(time.Minute)
		}
	}()
}

func runs(commands map[string]func()) {
	expvar.Publish("commands", expvar.Func(func() any { return commands }))
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
