// Package cases lists the programs that tools are compared on.
package cases

import (
	"example.com/comparison/cases/accept"
	"example.com/comparison/cases/background"
	"example.com/comparison/cases/busy"
	"example.com/comparison/cases/dropped"
	"example.com/comparison/cases/lock"
	"example.com/comparison/cases/loop"
	"example.com/comparison/cases/lostcancel"
	"example.com/comparison/cases/quit"
	"example.com/comparison/cases/result"
	"example.com/comparison/cases/sleep"
	"example.com/comparison/cases/stops"
	"example.com/comparison/cases/ticker"
)

// All are the programs by the name of their folder.
func All() map[string]func() {
	return map[string]func(){
		"accept": accept.Run, "background": background.Run, "busy": busy.Run, "dropped": dropped.Run, "lock": lock.Run, "loop": loop.Run, "lostcancel": lostcancel.Run,
		"quit": quit.Run, "result": result.Run, "sleep": sleep.Run, "stops": stops.Run, "ticker": ticker.Run,
	}
}
