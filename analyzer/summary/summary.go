// Package summary holds what is known of a function without looking at its
// body again: the one fact of killcheck, exported for every function that
// other packages can call.
package summary

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// A Func is the summary of one function. The zero Func says nothing.
// Its lists are sorted, so that the same function always has the same bytes.
type Func struct {
	NoReturn bool   // control never comes back to the caller: it exits, panics or fails the test
	Endless  bool   // it never comes back because it loops or waits for ever
	NoError  bool   // its error, the last result, is always nil
	Spawns   []int  // the parameters, from zero without the receiver, that it runs in a new goroutine
	Runs     []int  // the parameters that it calls before it returns
	Starts   bool   // it starts a goroutine that lives on after it returns
	Ender    string // the method of its result that ends that goroutine, such as Close
	Shared   bool   // a context that the function has from elsewhere ends it as well
	Receives []int  // the channels among the parameters, the receiver counted, that it and what it calls only receive from
	Sends    []int  // those that they only send on, and do not close
	Loads    []int  // the flags to which parameters point that they only read
	Takes    []int  // the locks among them that it takes and gives back only after that, and the groups that it waits for
	Fills    []int  // the channels among them on which it sends whatever way it takes, one entry for each value, and from which it receives only after that
	Pours    []int  // the channels among them on which it only sends, and that are all that it waits for: once all is taken it returns, and has not closed them
	Ticks    []int  // the timers among them from which it receives whatever way it takes, one entry for each value, and with which it does nothing else but stop them
	Writes   []int  // the ends of pipes among them to which it writes, one entry for each write that it can make, and with which it does nothing else but close them
	Keeps    []int  // the handles among the parameters that they neither close, set a deadline on, nor hand on

	Waits []Wait // where a call of it may stay, what it calls included; those that end by themselves are left out
	More  bool   // there are others, which are not listed
	Deaf  []Wait // calls in it that the context does not end which is its parameter; Other says that this may be meant so
}

// A Wait is a point where control can stay. Its numbers are those of the engine
// that writes and reads them.
type Wait struct {
	Op    uint8
	Name  string // what it waits for, as the code calls it
	At    string // the place: file.go:12 in F
	Param int    // the parameter that is called there, the receiver counted; -1 if none
	Meant bool   // it is documented to last as long as the process
	Other bool   // it is a loop with other ways out
	Told  bool   // the code that is called there, which was not read, gets values alone
	Stays bool   // the call does not come back before what it works on is closed
	Wakes []Wake
}

// A Wake is what ends a wait.
type Wake struct {
	Action, Level, Why uint8
	Param              int // the parameter that is its object, the receiver counted; -1 if what the call gives does not matter
	Name               string
	Stop, Time, Fails  bool
	If                 []string // what it needs from outside, each the end of a sentence
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

// Times returns how often the number is in the list.
func Times(list []int, n int) (times int) {
	for _, x := range list {
		if x == n {
			times++
		}
	}
	return times
}

// Empty reports whether the summary says nothing.
func (f *Func) Empty() bool {
	return !f.NoReturn && !f.Endless && !f.NoError && len(f.Spawns) == 0 && len(f.Runs) == 0 && !f.Starts && f.Ender == "" && !f.Shared && len(f.Receives)+len(f.Sends)+len(f.Loads)+len(f.Keeps)+len(f.Ticks)+len(f.Pours)+len(f.Writes)+len(f.Takes)+len(f.Fills) == 0 && len(f.Waits)+len(f.Deaf) == 0 && !f.More
}

// Direction returns what the function does with the channel that is its parameter
// param, the receiver counted. Both directions also mean that nothing is known.
func (f *Func) Direction(param int) types.ChanDir {
	switch {
	case f == nil:
		return types.SendRecv
	case slices.Contains(f.Receives, param):
		return types.RecvOnly
	case slices.Contains(f.Sends, param):
		return types.SendOnly
	}
	return types.SendRecv
}

// String gives the summary in the form that tests expect.
func (f *Func) String() string {
	var s []string
	add := func(set bool, text string) {
		if set {
			s = append(s, text)
		}
	}
	add(f.NoReturn, "noreturn")
	add(f.Endless, "endless")
	add(f.NoError, "noerror")
	add(len(f.Spawns) > 0, fmt.Sprint("spawns", f.Spawns))
	add(len(f.Runs) > 0, fmt.Sprint("runs", f.Runs))
	add(f.Starts, "starts")
	add(f.Ender != "", "ender="+f.Ender)
	add(f.Shared, "shared")
	add(len(f.Receives) > 0, fmt.Sprint("receives", f.Receives))
	add(len(f.Sends) > 0, fmt.Sprint("sends", f.Sends))
	add(len(f.Loads) > 0, fmt.Sprint("loads", f.Loads))
	add(len(f.Takes) > 0, fmt.Sprint("takes", f.Takes))
	add(len(f.Fills) > 0, fmt.Sprint("fills", f.Fills))
	add(len(f.Pours) > 0, fmt.Sprint("pours", f.Pours))
	add(len(f.Ticks) > 0, fmt.Sprint("ticks", f.Ticks))
	add(len(f.Writes) > 0, fmt.Sprint("writes", f.Writes))
	add(len(f.Keeps) > 0, fmt.Sprint("keeps", f.Keeps))
	for _, w := range f.Waits {
		text := fmt.Sprintf("waits(%d %s", w.Op, w.Name)
		for _, k := range w.Wakes {
			text += fmt.Sprintf(" %d:%d", k.Action, k.Level)
			if k.Param >= 0 {
				text += fmt.Sprintf(":param%d", k.Param)
			}
		}
		add(true, text+")")
	}
	for _, w := range f.Deaf {
		add(true, fmt.Sprintf("deaf(%s param%d)", w.Name, w.Param))
	}
	add(f.More, "more")
	return strings.Join(s, " ")
}
