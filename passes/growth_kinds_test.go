package passes_test

import (
	"fmt"
	"slices"
	"strings"
)

// A kind is one way in which a package grows: source returns one with n of them.
type kind struct {
	name   string
	source func(n int) string
}

// kinds are the ways in which packages grow, each of which a scan over "all of
// that" would make slow: many types, many goroutines, long functions, wide and
// deep calls.
var kinds = slices.Concat(typeKinds, functionKinds)

// repeat writes the format n times with the numbers 0 to n-1, and, for each of
// the shifts, the number so much further round the circle.
func repeat(n int, format string, shifts ...int) string {
	var b strings.Builder
	for i := range n {
		args := []any{i}
		for _, s := range shifts {
			args = append(args, (i+s)%n)
		}
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, args...)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

// wrap writes repetitions between the lines of a function.
func wrap(before string, n int, format, after string) string {
	return before + repeat(n, format) + after + "\n"
}
