package lifetime

import (
	"go/token"
	"slices"
)

// precedence says which kinds of obstacle are left out where one of another kind
// says more of the same wait: that a lock is held or that a stop does not work is
// the reason for the rest.
func precedence(k Kind) []Kind {
	switch k {
	case FalseStop:
		return []Kind{Endless, IgnoredStop, Unreleased, Uninterruptible}
	case HeldLock:
		return []Kind{Abandoned, Unreleased, DirtyStop}
	}
	return nil
}

// settled leaves out the obstacles that others precede.
func settled(found []Obstacle) []Obstacle {
	type key struct {
		kind Kind
		pos  token.Pos
	}
	taken := make(map[key]bool)
	for _, o := range found {
		for _, k := range precedence(o.Kind) {
			taken[key{k, o.Pos}] = true
			taken[key{k, o.Instead}] = true
		}
	}
	return slices.DeleteFunc(found, func(o Obstacle) bool { return taken[key{o.Kind, o.Pos}] })
}
