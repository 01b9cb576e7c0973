package unclosed

// At the second return the variable holds what the second call gave: no fix.
func againBad(put func(string) error) (*session, error) {
	s, err := newSession() // want "the value of newSession is dropped on a path that returns without calling its Close"
	if err != nil {
		return nil, err
	}
	if err = put(s.name()); err != nil {
		s, err = newSession()
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}
