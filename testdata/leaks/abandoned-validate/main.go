// Command abandoned-validate starts a lookup, and returns before it has the answer
// if the request is not valid.
package main

import (
	"errors"
	"fmt"

	"example.com/leaks/judge"
)

type user struct{ name string }

func lookup(id int) user { return user{fmt.Sprint("user ", id)} }

func greet(id int, words string) (string, error) {
	found := make(chan user)
	go func() { found <- lookup(id) }()
	if words == "" {
		return "", errors.New("nothing to say")
	}
	u := <-found
	return words + ", " + u.name, nil
}

func main() {
	for range 2 {
		fmt.Println(greet(1, "hello"))
		fmt.Println(greet(2, ""))
	}
	judge.Report()
}
