// A command: what main starts lives as long as the process.
package main

import "time"

func main() {
	go spin()
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
	select {}
}

func spin() {
	for range time.Tick(time.Second) {
	}
}
