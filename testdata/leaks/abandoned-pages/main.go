// Command abandoned-pages reads page after page in the background, and stops at
// the first that it looks for.
package main

import (
	"fmt"

	"example.com/leaks/judge"
)

func find(pages []string, wanted string) int {
	type page struct {
		number int
		text   string
	}
	read := make(chan page)
	go func() {
		defer close(read)
		for i, text := range pages {
			read <- page{i, text}
		}
	}()
	for p := range read {
		if p.text == wanted {
			return p.number
		}
	}
	return -1
}

func main() {
	for range 2 {
		pages := []string{"one", "two", "three", "four"}
		fmt.Println(find(pages, "two"))
	}
	judge.Report()
}
