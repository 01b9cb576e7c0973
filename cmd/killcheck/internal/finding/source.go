package finding

import (
	"bytes"
	"os"
	"sort"
)

// A Source reads source files, each once. It is not safe for concurrent use.
type Source struct {
	replaced map[string]string // file -> file with its text; see the -overlay flag of the go command
	files    map[string]*text
}

type text struct {
	data  []byte
	lines []int // offset of the start of each line
}

// NewSource returns a source in which some files are replaced by others.
func NewSource(replaced map[string]string) *Source {
	return &Source{replaced: replaced, files: make(map[string]*text)}
}

// Line returns line n of a file, counted from 1, without its newline; "" if
// there is no such line.
func (s *Source) Line(file string, n int) string {
	t := s.read(file)
	if n < 1 || n > len(t.lines) {
		return ""
	}
	line, _, _ := bytes.Cut(t.data[t.lines[n-1]:], []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r")))
}

// Point returns the position of a byte offset. It is the zero Point if the
// file has no such offset.
func (s *Source) Point(file string, offset int) Point {
	t := s.read(file)
	if offset < 0 || offset > len(t.data) || len(t.lines) == 0 {
		return Point{}
	}
	line := sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset })
	return Point{Line: line, Col: offset - t.lines[line-1] + 1}
}

func (s *Source) read(file string) *text {
	if t, ok := s.files[file]; ok {
		return t
	}
	t := new(text)
	s.files[file] = t
	name := file
	if other, ok := s.replaced[file]; ok {
		name = other
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return t // a file that cannot be read has no lines
	}
	t.data = data
	t.lines = append(t.lines, 0)
	for i, b := range data {
		if b == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}
