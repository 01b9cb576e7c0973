// The root of this module is a command: nobody else uses its packages.
package main

import (
	"example.com/program/pool"
	"example.com/program/serve"
)

func main() {
	p := pool.New()
	s := serve.Start(p.Len)
	defer s.Stop()
	println(p.Len())
}
