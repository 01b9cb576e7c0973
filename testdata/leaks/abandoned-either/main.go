// Command abandoned-either looks in the cache and on the disk at once.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func fromCache(key string) string { return "cached " + key }

func fromDisk(key string) string {
	time.Sleep(5 * time.Millisecond)
	return "stored " + key
}

func get(key string) string {
	cached, stored := make(chan string), make(chan string)
	go func() { cached <- fromCache(key) }()
	go func() { stored <- fromDisk(key) }()
	select {
	case v := <-cached:
		return v
	case v := <-stored:
		return v
	}
}

func main() {
	for range 2 {
		for _, key := range []string{"a", "b"} {
			fmt.Println(get(key))
		}
	}
	judge.Report()
}
