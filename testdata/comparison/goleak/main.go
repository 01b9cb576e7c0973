// Goleak runs the program that its argument names, and prints "reported" if goleak
// finds a goroutine that it has left.
package main

import (
	"fmt"
	"os"

	"go.uber.org/goleak"

	"example.com/comparison/cases"
)

func main() {
	cases.All()[os.Args[1]]()
	if goleak.Find() != nil {
		fmt.Println("reported")
	}
}
