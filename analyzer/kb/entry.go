package kb

import (
	"strconv"
	"strings"
)

// A Place is a value of a call. N is the number of the argument or result,
// from zero, the receiver not counted.
type Place struct {
	Where Where
	N     int
}

// String gives the place as it stands in a row: recv, arg0, in-arg1, res0.
func (p Place) String() string {
	switch p.Where {
	case Arg, InArg, Res:
		return string(p.Where) + strconv.Itoa(p.N)
	}
	return string(p.Where)
}

// A Wake is one event that ends a wait, and the value it happens to.
type Wake struct {
	Event Event
	At    Place
}

// String gives the wake as it stands in a row: ctx:arg0, close:recv, never.
func (w Wake) String() string {
	if w.At.Where == Nowhere {
		return string(w.Event)
	}
	return string(w.Event) + ":" + w.At.String()
}

// An Entry is one row about a symbol.
type Entry struct {
	Pos     string // file:line of the row
	Keyword string // func, field, var, native or lang
	Symbol  string

	Effect Effect
	Kind   Kind
	Wakes  []Wake
	Raises []Wake // what a call raises, in addition to Effect

	FuncArg int  // the parameter that is run, -1 if none
	Join    bool // the library waits for what it spawned
	Once    bool // one run, or one value, at most
	Shared  bool // what is run holds up others: all such functions share one goroutine

	Parent  Place  // what a derived context derives from
	Ctx     int    // the result that is the derived context
	Cancel  int    // the result that cancels it, -1 if none
	Group   int    // the result that is a group whose wait and whose failures cancel it, -1 if none
	Timed   bool   // the derived context ends by itself
	Carries Place  // the context that the result holds inside
	Wraps   Place  // the handle that the result reads or writes
	Drains  Place  // the handle that the call reads until its end
	Paired  bool   // the results are two ends, which end each other's waits when they are closed
	Ender   string // the method that ends the goroutines that the call starts

	Needs   string   // the option without which the call does not wait; empty if it always may
	Below   Place    // what the result, a number, is less than
	Handle  []string // the handles on which the wakes work; empty for all
	Through []string // the types of the package that get this method by embedding
	Except  []string // those of them with which the call does not wait

	Since    string // the Go version that has the symbol; empty if always
	Use      string // the form with a context, or select; empty if none
	UseSince string // the Go version that has it; empty outside std
	How      How    // how a call is turned into Use
	Fix      string // what to do instead, in words
	FixSince string // the Go version that Fix needs; empty if any
	Note     string
}

// Waits reports whether a call can hold up the goroutine that makes it.
func (e Entry) Waits() bool {
	switch e.Effect {
	case Blocks, Bounded, Passes, Lock, RLock:
		return true
	}
	// A spawner that lists wakes can wait for a free slot.
	return e.Effect == Spawns && len(e.Wakes) > 0
}

// Wake returns the places at which event can end the wait.
func (e Entry) Wake(event Event) []Place {
	var places []Place
	for _, w := range e.Wakes {
		if w.Event == event {
			places = append(places, w.At)
		}
	}
	return places
}

// Raise returns the places at which a call raises event.
func (e Entry) Raise(event Event) []Place {
	var places []Place
	for _, w := range e.Raises {
		if w.Event == event {
			places = append(places, w.At)
		}
	}
	return places
}

// ContextForm returns the full symbol of the form that takes a context and
// the Go version that has it ("" if the row states none).
func (e Entry) ContextForm() (symbol, since string, ok bool) {
	if e.Use == "" || e.Use == UseSelect {
		return "", "", false
	}
	return e.Use, e.UseSince, true
}

// FormPackage returns the path of the package of the form with a context.
func (e Entry) FormPackage() string { return splitFunc(e.Use).pkg }

// UseSelect is the value of Entry.Use where a select replaces the call.
const UseSelect = "select"

// String gives the row in the form in which it is parsed.
func (e Entry) String() string {
	t := []string{e.Keyword, e.Symbol, string(e.Effect), string(e.Kind), wakeList(e.Wakes)}
	add := func(set bool, s string) {
		if set {
			t = append(t, s)
		}
	}
	add(e.FuncArg >= 0, "arg="+strconv.Itoa(e.FuncArg))
	add(e.Join, "join")
	add(e.Once, "once")
	add(e.Shared, "shared")
	add(len(e.Raises) > 0, "raises="+wakeList(e.Raises))
	add(e.Parent.Where != Nowhere, "parent="+e.Parent.String())
	add(e.Ctx != 0, "ctx="+strconv.Itoa(e.Ctx))
	add(e.Cancel >= 0, "cancel="+strconv.Itoa(e.Cancel))
	add(e.Group >= 0, "group="+strconv.Itoa(e.Group))
	add(e.Timed, "timed")
	add(e.Carries.Where != Nowhere, "carries="+e.Carries.String())
	add(e.Wraps.Where != Nowhere, "wraps="+e.Wraps.String())
	add(e.Drains.Where != Nowhere, "drains="+e.Drains.String())
	add(e.Paired, "paired")
	add(e.Ender != "", "ender="+e.Ender)
	add(e.Needs != "", "needs="+e.Needs)
	add(e.Below.Where != Nowhere, "below="+e.Below.String())
	add(len(e.Handle) > 0, "handle="+strings.Join(e.Handle, ","))
	add(len(e.Through) > 0, "through="+strings.Join(e.Through, ","))
	add(len(e.Except) > 0, "except="+strings.Join(e.Except, ","))
	add(e.Since != "", "since="+e.Since)
	if e.UseSince != "" {
		add(true, "use="+e.Use+"@"+e.UseSince)
	} else {
		add(e.Use != "", "use="+e.Use)
	}
	add(e.How != "", "how="+string(e.How))
	add(e.Fix != "", `fix="`+e.Fix+`"`)
	add(e.FixSince != "", "fixsince="+e.FixSince)
	add(e.Note != "", "-- "+e.Note)
	return strings.Join(t, " ")
}

func wakeList(wakes []Wake) string {
	if len(wakes) == 0 {
		return "-"
	}
	s := make([]string, len(wakes))
	for i, w := range wakes {
		s[i] = w.String()
	}
	return strings.Join(s, ",")
}
