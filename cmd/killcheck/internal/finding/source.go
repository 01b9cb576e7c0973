package finding

import (
	"bytes"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/killcheck/killcheck/internal/regular"
)

// MaxSource is the size, in bytes, up to which a source file is read.
const MaxSource = 32 << 20

// A Listing holds the files that are analysed, by absolute name. The value is the
// directory of the module, which a link must not leave.
//
// Findings name other files, too: a //line comment can name any. Those are shown by
// name and line, and not opened.
type Listing map[string]string

// Add adds Go files of a directory.
func (l Listing) Add(dir string, names ...string) {
	root := Root(dir)
	for _, name := range names {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		l[name] = root
	}
}

// Root returns the directory of the module that a directory belongs to; the
// directory itself if it belongs to none.
func Root(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if info, err := os.Stat(filepath.Join(d, "go.mod")); err == nil && info.Mode().IsRegular() {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

// A Source reads source files, each once. It is the only room that opens what a
// finding names. It is not safe for concurrent use.
type Source struct {
	allowed  Listing
	replaced map[string]string // file -> file with its text; see the -overlay flag of the go command
	files    map[string]*text
}

type text struct {
	known bool // the file could be read
	data  []byte
	lines []int // offset of the start of each line
}

// NewSource returns a source of the files that are analysed, in which some files
// are replaced by others. Those the user has named, so they may lie anywhere.
func NewSource(analysed Listing, replaced map[string]string) *Source {
	return &Source{allowed: analysed, replaced: replaced, files: make(map[string]*text)}
}

// Set gives the text of a file, which is then not read.
func (s *Source) Set(file, text string) { s.files[file] = newText([]byte(text)) }

// Text returns the text of a file. It is not known if the file is none of those
// that are analysed, or cannot be read.
func (s *Source) Text(file string) (text string, known bool) {
	t := s.read(file)
	return string(t.data), t.known
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
	if name := s.place(file); name != "" {
		if data, err := regular.ReadFile(name, MaxSource); err == nil {
			t = newText(data) // a file that cannot be read has no lines
		}
	}
	s.files[file] = t
	return t
}

func newText(data []byte) *text {
	t := &text{known: true, data: data, lines: []int{0}}
	for i, b := range data {
		if b == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// place returns the name under which to open a file; "" if it must not be opened.
func (s *Source) place(file string) string {
	if other, ok := s.replaced[file]; ok {
		return other
	}
	root, ok := s.allowed[file]
	if !ok {
		return ""
	}
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return ""
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return ""
	}
	rel, err := filepath.Rel(root, real)
	if err != nil || !filepath.IsLocal(rel) || !strings.EqualFold(filepath.Ext(real), ".go") {
		return ""
	}
	return real
}
