package kb

import (
	"embed"
	"errors"
	"fmt"
	"go/types"
	"slices"
	"strings"
	"sync"
)

//go:embed *.kb
var rows embed.FS

// A Source is a text of rows and the name that errors and Entry.Pos give it.
type Source struct {
	Name string
	Text string
}

// A Base answers questions about symbols. It does not change once loaded, so
// it may be used by several goroutines.
type Base struct {
	entries map[string]*Entry   // by keyword and symbol, see key
	funcs   map[funcName]*Entry // the func rows once more: Func is asked for every call
	vocabulary
}

// many is the size that maps of rows begin with: each process loads the rows, and
// maps that grow on the way cost as much as the parser.
const many = 2048

var std = sync.OnceValues(func() (*Base, error) { return Load() })

// Std returns the built-in rows. It parses them once.
func Std() (*Base, error) { return std() }

// Load returns the built-in rows extended by those of the sources. A row of a
// source replaces the built-in row of the same symbol. The error lists every
// wrong line, each with file:line.
func Load(sources ...Source) (*Base, error) {
	builtin, err := builtinSources()
	if err != nil {
		return nil, err
	}
	b := &Base{
		entries:    make(map[string]*Entry, many),
		funcs:      make(map[funcName]*Entry, many),
		vocabulary: newVocabulary(),
	}
	err = errors.Join(b.add(builtin), b.add(sources))
	if err != nil {
		return nil, err
	}
	return b, nil
}

func builtinSources() ([]Source, error) {
	files, err := rows.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var sources []Source
	for _, f := range files {
		text, err := rows.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		sources = append(sources, Source{f.Name(), string(text)})
	}
	return sources, nil
}

// add takes in the rows of the sources. Two rows for one symbol among them
// are an error; a row replaces one of an earlier add.
func (b *Base) add(sources []Source) error {
	first := make(map[string]string) // key to position
	var errs []error
	for _, source := range sources {
		f, err := parse(source.Name, source.Text)
		if err != nil {
			errs = append(errs, err)
		}
		for _, e := range f.entries {
			k := key(e.Keyword, e.Symbol)
			if at, ok := first[k]; ok {
				errs = append(errs, fmt.Errorf("%s: %s %s is already at %s", e.Pos, e.Keyword, e.Symbol, at))
				continue
			}
			first[k] = e.Pos
			b.entries[k] = e
			if e.Keyword == "func" {
				b.funcs[splitFunc(e.Symbol)] = e
			}
		}
		for _, w := range f.words {
			for _, v := range w.values {
				k := key(w.keyword, v)
				if at, ok := first[k]; ok {
					errs = append(errs, fmt.Errorf("%s: %s %q is already at %s", w.pos, w.keyword, v, at))
					continue
				}
				first[k] = w.pos
				b.vocabulary.add(w.keyword, v)
			}
		}
	}
	return errors.Join(errs...)
}

// key keeps the keywords apart; funcs, which are asked for most, need none.
func key(keyword, symbol string) string {
	if keyword == "func" {
		return symbol
	}
	return keyword + " " + symbol
}

// Func returns the row of a function, method or interface method. A method
// that is not listed is not known, even if it implements a listed interface
// method. An instance is looked up by its origin.
func (b *Base) Func(fn *types.Func) (Entry, bool) {
	if fn == nil {
		return Entry{}, false
	}
	return found(b.funcs[nameOf(fn)])
}

// found returns what was looked up, if anything was.
func found(e *Entry) (Entry, bool) {
	if e == nil {
		return Entry{}, false
	}
	return *e, true
}

// Field returns the row of a field of the named type.
func (b *Base) Field(owner *types.Named, field string) (Entry, bool) {
	obj := owner.Obj()
	if obj.Pkg() == nil {
		return Entry{}, false // universe: error, comparable
	}
	return found(b.entries[key("field", obj.Pkg().Path()+"."+obj.Name()+"."+field)])
}

// Var returns the row of a package variable, such as os.Stdin.
func (b *Base) Var(v *types.Var) (Entry, bool) {
	if v == nil || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return Entry{}, false
	}
	return found(b.entries[key("var", v.Pkg().Path()+"."+v.Name())])
}

// Native returns the row of a function that is not Go, by its bare name:
// pthread_kill, TerminateThread, SYS_TGKILL.
func (b *Base) Native(name string) (Entry, bool) {
	return found(b.entries[key("native", name)])
}

// Lang returns the row of an operation of the language.
func (b *Base) Lang(name string) (Entry, bool) {
	return found(b.entries[key("lang", name)])
}

// Lookup returns the row of a function by its full symbol.
func (b *Base) Lookup(symbol string) (Entry, bool) {
	e := b.entries[symbol]
	if e != nil && e.Keyword != "func" {
		e = nil
	}
	return found(e)
}

// Symbol returns the rows that a reader may mean by name, sorted by symbol:
// the full symbol, or its end from a package name, type or method on:
// net/http.Get, http.Get, WaitGroup.Wait, Sleep.
func (b *Base) Symbol(name string) []Entry {
	name = simple(name)
	var rows []Entry
	for _, e := range b.entries {
		if slices.ContainsFunc(e.names(), func(s string) bool { return meant(s, name) }) {
			rows = append(rows, *e)
		}
	}
	slices.SortFunc(rows, func(x, y Entry) int {
		if c := strings.Compare(x.Symbol, y.Symbol); c != 0 {
			return c
		}
		return strings.Compare(x.Keyword, y.Keyword)
	})
	return rows
}

// All returns every row, sorted by symbol.
func (b *Base) All() []Entry {
	all := make([]Entry, 0, len(b.entries))
	for _, e := range b.entries {
		all = append(all, *e)
	}
	slices.SortFunc(all, func(x, y Entry) int {
		return strings.Compare(key(x.Keyword, x.Symbol), key(y.Keyword, y.Symbol))
	})
	return all
}
