package lifetime

// abandoned finds sends and receives whose partners can leave first.
func (w *world) abandoned(gs []*Goroutine) {}
