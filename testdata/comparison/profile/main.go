// Profile runs the program that its argument names, and prints "reported" if the
// runtime's goroutineleak profile holds a goroutine. It needs Go 1.27, or Go 1.26 with
// GOEXPERIMENT=goroutineleakprofile.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
	"time"

	"example.com/comparison/cases"
)

func main() {
	cases.All()[os.Args[1]]()
	time.Sleep(100 * time.Millisecond)
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		fmt.Println("no such profile")
		os.Exit(2)
	}
	for range 20 { // the collector may need more than one round
		time.Sleep(20 * time.Millisecond)
		var out bytes.Buffer
		if err := profile.WriteTo(&out, 1); err != nil {
			fmt.Println(err)
			os.Exit(2)
		}
		if strings.Contains(out.String(), "comparison/cases") {
			fmt.Println("reported")
			return
		}
	}
}
