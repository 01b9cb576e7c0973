// Package shard splits the packages of a run among machines. A package belongs to a
// shard by its import path alone, so that it stays where it is while others come
// and go.
package shard

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Shard is one part of a run. The zero Shard is the whole run.
type Shard struct {
	Index int // counts from 1
	Of    int
}

// Parse reads "i/n".
func Parse(text string) (Shard, error) {
	index, of, ok := strings.Cut(text, "/")
	i, errIndex := strconv.ParseUint(index, 10, 31)
	n, errOf := strconv.ParseUint(of, 10, 31)
	switch {
	case !ok || errIndex != nil || errOf != nil:
		return Shard{}, fmt.Errorf("%q is no shard: want i/n, such as 2/4", text)
	case n == 0:
		return Shard{}, errors.New("there has to be at least one shard")
	case i == 0:
		return Shard{}, fmt.Errorf("%s: shards count from 1", text)
	case i > n:
		return Shard{}, fmt.Errorf("%s: there are only %d shards", text, n)
	}
	return Shard{int(i), int(n)}, nil
}

// Whole reports whether the shard is all of the run.
func (s Shard) Whole() bool { return s.Of == 0 }

// Holds reports whether a package belongs to the shard. The tests of a package
// belong to where it does, under its path.
func (s Shard) Holds(path string) bool {
	if s.Whole() {
		return true
	}
	sum := sha256.Sum256([]byte(path))
	return int(binary.BigEndian.Uint64(sum[:])%uint64(s.Of)) == s.Index-1
}

// String returns "i/n".
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// A Mark says in the output of a shard which one it is. The output of a whole run has
// none.
type Mark struct {
	Index int    `json:"index"` // counts from 1
	Of    int    `json:"of"`
	Run   string `json:"run"` // the same for all shards of a run
}

// Shard returns the shard that the mark is of.
func (m Mark) Shard() Shard { return Shard{m.Index, m.Of} }

// Check says what is wrong with a mark that was read.
func (m Mark) Check() error {
	if _, err := Parse(m.Shard().String()); err != nil {
		return err
	}
	if m.Run == "" || strings.ContainsAny(m.Run, " \t\r\n") {
		return errors.New("the shard does not say of which run it is")
	}
	return nil
}

// nameWords begin the mark in words.
const nameWords = "killcheck shard"

// Name returns the mark in words, for formats that have no place but a name.
func (m Mark) Name() string { return fmt.Sprintf("%s %s %s", nameWords, m.Shard(), m.Run) }

// ReadName reads what [Mark.Name] returns.
func ReadName(name string) (Mark, error) {
	rest, ok := strings.CutPrefix(name, nameWords+" ")
	part, run, both := strings.Cut(rest, " ")
	if !ok || !both {
		return Mark{}, fmt.Errorf("%q is not the name of a shard", name)
	}
	s, err := Parse(part)
	if err != nil {
		return Mark{}, err
	}
	m := Mark{s.Index, s.Of, run}
	return m, m.Check()
}
