package kb

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A file is one parsed source.
type file struct {
	entries []*Entry
	words   []wordRow
}

// A wordRow is a row of the vocabulary.
type wordRow struct {
	pos     string
	keyword string // word, affix, phrase or method
	values  []string
}

// parse reads one source. The error joins one error for each wrong line, each
// with its file:line.
func parse(name, text string) (*file, error) {
	f := &file{}
	var errs []error
	n := 0
	for line := range strings.Lines(text) {
		n++
		pos := name + ":" + strconv.Itoa(n)
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := f.row(pos, line); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", pos, err))
		}
	}
	return f, errors.Join(errs...)
}

func (f *file) row(pos, line string) error {
	keyword, rest, _ := strings.Cut(line, " ")
	switch keyword {
	case "func", "field", "var", "native", "lang":
		e, err := parseEntry(keyword, rest)
		if err != nil {
			return err
		}
		e.Pos = pos
		f.entries = append(f.entries, &e)
		return nil
	case "word", "affix", "phrase", "method", "brief", "waiting", "entry", "folder", "aside":
		values, err := parseWords(keyword, rest)
		if err != nil {
			return err
		}
		f.words = append(f.words, wordRow{pos, keyword, values})
		return nil
	}
	return fmt.Errorf("unknown keyword %q", keyword)
}

func parseEntry(keyword, rest string) (Entry, error) {
	e := Entry{Keyword: keyword, FuncArg: -1, Cancel: -1, Group: -1}
	tokens, note, err := tokenize(rest)
	if err != nil {
		return e, err
	}
	e.Note = note
	if len(tokens) < 4 {
		return e, fmt.Errorf("%s row needs a symbol, an effect, a kind and wakes (- for none)", keyword)
	}
	e.Symbol = tokens[0]
	if err := checkSymbol(keyword, e.Symbol); err != nil {
		return e, err
	}
	e.Effect = Effect(tokens[1])
	if !effects[e.Effect] {
		return e, fmt.Errorf("unknown effect %q", tokens[1])
	}
	e.Kind = Kind(tokens[2])
	if !kinds[e.Kind] {
		return e, fmt.Errorf("unknown kind %q", tokens[2])
	}
	if tokens[3] != "-" {
		if e.Wakes, err = parseWakes(tokens[3]); err != nil {
			return e, err
		}
	}
	seen := make(map[string]bool)
	for _, t := range tokens[4:] {
		key, value, hasValue := strings.Cut(t, "=")
		if seen[key] {
			return e, fmt.Errorf("attribute %q twice", key)
		}
		seen[key] = true
		if err := e.attribute(key, value, hasValue); err != nil {
			return e, err
		}
	}
	return e, e.check()
}

// tokenize splits a row at blanks. A fix="..." token may hold blanks.
func tokenize(s string) (tokens []string, note string, err error) {
	for {
		s = strings.TrimLeft(s, " \t")
		switch {
		case s == "":
			return tokens, "", nil
		case s == "--":
			return nil, "", errors.New("empty note")
		case strings.HasPrefix(s, "-- "):
			return tokens, strings.TrimSpace(s[3:]), nil
		case strings.HasPrefix(s, `fix="`):
			end := strings.IndexByte(s[5:], '"')
			if end < 0 {
				return nil, "", errors.New("no closing quote")
			}
			end += 6
			if end < len(s) && s[end] != ' ' && s[end] != '\t' {
				return nil, "", errors.New("no blank after the closing quote")
			}
			tokens, s = append(tokens, s[:end]), s[end:]
		default:
			end := strings.IndexAny(s, " \t")
			if end < 0 {
				end = len(s)
			}
			tokens, s = append(tokens, s[:end]), s[end:]
		}
	}
}

func (e *Entry) attribute(key, value string, hasValue bool) error {
	var err error
	switch key {
	case "join", "once", "shared", "timed", "paired":
		if hasValue {
			return fmt.Errorf("attribute %q takes no value", key)
		}
		e.Join = e.Join || key == "join"
		e.Once = e.Once || key == "once"
		e.Shared = e.Shared || key == "shared"
		e.Timed = e.Timed || key == "timed"
		e.Paired = e.Paired || key == "paired"
		return nil
	}
	switch key {
	case "arg", "raises", "parent", "ctx", "cancel", "group", "carries", "wraps", "drains", "ender", "needs", "below", "handle", "through", "except", "since", "use", "how", "fix", "fixsince":
		if value == "" {
			return fmt.Errorf("attribute %q needs a value", key)
		}
	}
	switch key {
	case "arg":
		e.FuncArg, err = parseIndex(value)
	case "raises":
		e.Raises, err = parseWakes(value)
	case "parent":
		e.Parent, err = parsePlace(value)
	case "ctx":
		e.Ctx, err = parseIndex(value)
	case "cancel":
		e.Cancel, err = parseIndex(value)
	case "group":
		e.Group, err = parseIndex(value)
	case "carries":
		e.Carries, err = parsePlace(value)
	case "wraps":
		e.Wraps, err = parsePlace(value)
	case "drains":
		e.Drains, err = parsePlace(value)
	case "ender":
		e.Ender = value
		if !isName(value) {
			return fmt.Errorf("bad method name %q", value)
		}
	case "needs":
		e.Needs = value
		err = checkSymbol("func", value)
	case "below":
		e.Below, err = parsePlace(value)
	case "handle":
		e.Handle = strings.Split(value, ",")
		for _, h := range e.Handle {
			if !handles[h] {
				return fmt.Errorf("unknown handle %q", h)
			}
		}
	case "through":
		e.Through, err = parseNames(value)
	case "except":
		e.Except, err = parseNames(value)
	case "since":
		e.Since, err = parseVersion(value)
	case "use":
		symbol, version, versioned := strings.Cut(value, "@")
		e.Use = symbol
		if versioned {
			if e.UseSince, err = parseVersion(version); err != nil {
				return err
			}
		}
		if symbol != UseSelect {
			err = checkSymbol("func", symbol)
		}
	case "how":
		e.How = How(value)
		if !hows[e.How] && !strings.Contains(value, ".") {
			return fmt.Errorf("unknown how %q", value)
		}
	case "fix":
		e.Fix = strings.Trim(value, `"`)
		if e.Fix == "" || len(value) != len(e.Fix)+2 {
			return errors.New("fix needs a text in quotes")
		}
	case "fixsince":
		e.FixSince, err = parseVersion(value)
	default:
		return fmt.Errorf("unknown attribute %q", key)
	}
	return err
}

// check refuses rows whose parts contradict each other.
func (e *Entry) check() error {
	runs := e.Effect == Spawns || e.Effect == Callback
	switch {
	case runs && e.FuncArg < 0:
		return fmt.Errorf("effect %s needs arg=N", e.Effect)
	case !runs && e.FuncArg >= 0:
		return fmt.Errorf("arg=N needs the effect spawns or callback, not %s", e.Effect)
	case e.Join && e.Effect != Spawns:
		return fmt.Errorf("join needs the effect spawns, not %s", e.Effect)
	case e.Effect == Derives && e.Parent.Where == Nowhere:
		return errors.New("effect derives needs parent=PLACE")
	case e.Effect != Derives && (e.Parent.Where != Nowhere || e.Ctx != 0 || e.Cancel >= 0 || e.Group >= 0 || e.Timed):
		return fmt.Errorf("parent, ctx, cancel, group and timed need the effect derives, not %s", e.Effect)
	case e.Effect == Raises && len(e.Raises) == 0:
		return errors.New("effect raises needs raises=WAKES")
	case (e.Effect == Blocks || e.Effect == Bounded || e.Effect == Passes) && len(e.Wakes) == 0:
		return fmt.Errorf("effect %s needs wakes, never at least", e.Effect)
	case e.FixSince != "" && e.Fix == "":
		return errors.New("fixsince needs a fix")
	case e.How != "" && e.Use == "":
		return errors.New("how needs use")
	}
	for _, t := range e.Except {
		if !slices.Contains(e.Through, t) {
			return fmt.Errorf("except names %q, which through does not", t)
		}
	}
	return nil
}

func parseWakes(s string) ([]Wake, error) {
	var wakes []Wake
	for part := range strings.SplitSeq(s, ",") {
		event, at, hasPlace := strings.Cut(part, ":")
		w := Wake{Event: Event(event)}
		allowed, known := events[w.Event]
		if !known {
			return nil, fmt.Errorf("unknown wake %q", event)
		}
		if hasPlace {
			var err error
			if w.At, err = parsePlace(at); err != nil {
				return nil, err
			}
		}
		if !strings.Contains(allowed, "|"+string(w.At.Where)+"|") {
			return nil, fmt.Errorf("wake %q does not fit its place", part)
		}
		for _, other := range wakes {
			if other == w {
				return nil, fmt.Errorf("wake %q twice", part)
			}
		}
		wakes = append(wakes, w)
	}
	for _, w := range wakes {
		if w.Event == Never && len(wakes) > 1 {
			return nil, errors.New("never stands with other wakes")
		}
	}
	return wakes, nil
}

func parsePlace(s string) (Place, error) {
	switch s {
	case "recv":
		return Place{Where: Recv}, nil
	case "none":
		return Place{Where: None}, nil
	}
	for _, where := range []Where{InArg, Arg, Res} {
		digits, ok := strings.CutPrefix(s, string(where))
		if !ok {
			continue // another kind of place
		}
		n, err := parseIndex(digits)
		return Place{where, n}, err
	}
	return Place{}, fmt.Errorf("unknown place %q", s)
}

// parseNames reads names of types of the row's package.
func parseNames(value string) ([]string, error) {
	names := strings.Split(value, ",")
	for _, t := range names {
		if !isName(t) {
			return nil, fmt.Errorf("bad type name %q", t)
		}
	}
	return names, nil
}

func parseIndex(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 20 || s != strconv.Itoa(n) {
		return 0, fmt.Errorf("bad number %q", s)
	}
	return n, nil
}

func parseVersion(s string) (string, error) {
	minor, ok := strings.CutPrefix(s, "1.")
	n, err := strconv.Atoi(minor)
	if !ok || err != nil || n < 0 || n > 99 || minor != strconv.Itoa(n) {
		return "", fmt.Errorf("bad Go version %q, want 1.N", s)
	}
	return s, nil
}
