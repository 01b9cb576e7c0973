package callee

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// IsTold reports whether a function of the signature is given values, and no way to
// wait for others: no context, channel, function, nor an object to read from, write
// to or lock. It is told or asked something. One that is given nothing is asked
// something if it answers with values alone; if it answers nothing, or how it went,
// it is run for its own sake, as a task is, and may go on for ever.
func IsTold(sig *types.Signature) bool {
	asked := sig.Results().Len() > 0
	for v := range sig.Results().Variables() {
		asked = asked && isValue(v.Type()) && !code.IsError(v.Type())
	}
	for v := range sig.Params().Variables() {
		if !isValue(v.Type()) {
			return false
		}
	}
	return asked || sig.Params().Len() > 0
}

func isValue(t types.Type) bool {
	if code.IsContext(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return false
	case *types.Slice:
		return isValue(u.Elem())
	}
	for _, name := range []string{"Read", "Write", "Accept", "Wait", "Lock", "Recv", "Send"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				return false
			}
		}
	}
	return true
}

// custom says of a call of code that was not read whether such code returns by
// custom.
func (cs Callees) custom(t *Target, in ssa.CallInstruction) {
	if t.Unread && IsBrief(cs.Base, cs.Name(in), in.Common().Signature()) {
		t.Unread, t.Brief = false, true
	}
}

// Customary reports whether the call is of a function that returns by custom, in
// another package: what of it was not looked at is then taken to return.
func (cs Callees) Customary(in ssa.CallInstruction) bool {
	if in == nil {
		return false
	}
	fn := in.Common().StaticCallee()
	return fn != nil && IsBrief(cs.Base, fn.Name(), fn.Signature)
}

// IsBrief reports whether a function of the name and signature only says or asks
// something: it is given no channel and no function, and with a context it answers
// nothing.
func IsBrief(base *kb.Base, name string, sig *types.Signature) bool {
	if !base.Brief(code.LastName(name)) {
		return false
	}
	for v := range sig.Params().Variables() {
		switch v.Type().Underlying().(type) {
		case *types.Chan, *types.Signature:
			return false
		}
		if code.IsContext(v.Type()) && sig.Results().Len() > 0 {
			return false
		}
	}
	return true
}
