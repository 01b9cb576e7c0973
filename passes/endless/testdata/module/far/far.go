// Package far starts loops of another package.
package far

import (
	"sync"

	"module/farlib"
)

func GoBad() {
	go farlib.Spin() // want "farlib.Spin has no exit; give it"
}

func SelectBad() {
	go farlib.Hold() // want "select.. at farlib.go:17 in module.farlib.Hold waits for nothing"
}

func CalledBad() {
	go func() {
		println("on")
		farlib.Spin() // want "the loop at farlib.go:10"
	}()
}

func MethodBad() *farlib.Pump {
	p := farlib.NewPump()
	go p.Run() // want "Run has no exit"
	return p
}

func GroupBad(p *farlib.Pump) {
	var wg sync.WaitGroup
	wg.Go(func() { p.Run() }) // want "Run has no exit"
	wg.Wait()
}

func start(f func()) { go f() }

func ValueBad(wg *sync.WaitGroup) {
	start(farlib.Spin) // want "farlib.Spin has no exit"
	wg.Go(farlib.Spin) // want "farlib.Spin has no exit"
}

func ValueOk() {
	start(farlib.Collect)
	start(farlib.Brief)
}

func Helper() {
	go spinBad()
}

func spinBad() {
	println("on")
	farlib.Spin() // want "farlib.Spin has no exit"
}

func UntilOk(work func() error) { go farlib.Until(work) }

func StopOk() func() {
	p := farlib.NewPump()
	go p.RunUntil()
	return p.Stop
}

// Both say how long they last, there.
func MeantOk() {
	go farlib.Collect()
	go farlib.Flush()
}

// Counters are kept for the lifetime of the process.
func SaidOk() {
	go farlib.Spin()
}

var once sync.Once

func OnceOk() { once.Do(func() { go farlib.Spin() }) }
