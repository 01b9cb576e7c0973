// Command newcheck makes the folder of a new check: a skeleton that compiles,
// finds something, and passes its tests.
//
// Usage, in the folder of the repository:
//
//	go run ./passes/internal/newcheck NAME
//
// It prints what is left to do by hand.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "newcheck:", err)
		os.Exit(2)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: go run ./passes/internal/newcheck NAME")
	}
	name := args[0]
	if err := validName(name); err != nil {
		return err
	}
	written, err := write(".", name)
	if err != nil {
		return err
	}
	for _, file := range written {
		fmt.Fprintln(out, "wrote", file)
	}
	fmt.Fprintf(out, todo, name)
	return nil
}

// todo is what newcheck prints at the end.
const todo = `
Add this line to New in passes/passes.go, after the last one that says Extended, and the import:

	add(Extended, %[1]s.New)

	"github.com/killcheck/killcheck/passes/%[1]s"

Then write the page of the check and its row in the README, and run the tests:

	go test ./cmd/killcheck -run TestDocs -update
	go test -short ./passes ./passes/%[1]s
`
