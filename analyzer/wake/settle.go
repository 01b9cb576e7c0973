package wake

import "github.com/killcheck/killcheck/analyzer/code"

// Settle gives an open wake the level that holds for whatever its parameter may
// be.
func (m *Wakes) Settle(k Wake, at Spot) Wake {
	if k.Param == nil {
		return k
	}
	v := k.Param
	var s Wake
	switch {
	case k.Action == ByCancel:
		s = m.life(at, v, 8)
	case k.Action == BySend:
		s = m.sending(at, v, k.Name)
	case k.Action == ByReceive:
		s = m.Taken(at, v)
	case k.Action == ByStore:
		s = Wake{Action: ByStore, Level: Perhaps, Why: NotSeen, At: at.Pos, Stop: true}
	case k.Action == ByReturn:
		s = Wake{Action: ByReturn, Level: Unclear, Why: NotRead, At: at.Pos}
	case code.IsChan(v.Type()):
		s = m.closing(at, v, k.Name)
	default:
		s = m.handleLevel(at, v, k)
	}
	if s.Name == "" {
		s.Name = k.Name
	}
	s.Time, s.Only, s.Fails = s.Time || k.Time, k.Only, k.Fails
	return s.OrFails()
}

// OrFails is the wake of a call that fails otherwise, if at all.
func (k Wake) OrFails() Wake {
	if k.Fails && k.Param == nil && k.Level == Never {
		return Wake{Action: ByData, Level: Unclear, Why: DataDecide}
	}
	return k
}
