package lsp

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

func TestPositions(t *testing.T) {
	text := "a\r\n\té😀z\n\xff日\n"
	for at := range len(text) + 1 {
		if at > 0 && at < len(text) && text[at]&0xC0 == 0x80 {
			continue // inside a character
		}
		p := positionOf(text, at)
		head := text[:at]
		line := head[strings.LastIndex(head, "\n")+1:]
		want := Position{strings.Count(head, "\n"), len(utf16.Encode([]rune(line)))}
		if p != want {
			t.Errorf("position of byte %d is %v, want %v", at, p, want)
		}
		if back := offsetOf(text, p); back != at {
			t.Errorf("offset of %v is %d, want %d", p, back, at)
		}
		if got := positionAt(text, want.Line+1, len(line)+1); got != want {
			t.Errorf("line %d, byte %d is %v, want %v", want.Line+1, len(line)+1, got, want)
		}
	}
	for _, test := range []struct {
		p    Position
		want int
	}{
		{Position{1, 3}, 6},   // inside the surrogate pair: its start
		{Position{0, 99}, 2},  // behind the end of the line
		{Position{99, 0}, 17}, // behind the end of the text
		{Position{-1, -1}, 0},
	} {
		if got := offsetOf(text, test.p); got != test.want {
			t.Errorf("offset of %v is %d, want %d", test.p, got, test.want)
		}
	}
	if got := positionAt(text, 2, 99); got != (Position{1, 5}) {
		t.Errorf("a column behind the line is at %v", got)
	}
	if got := positionAt(text, 2, 0); got != (Position{1, 0}) {
		t.Errorf("an unknown column is at %v", got)
	}
}

// TestShift moves a marked word by random edits, and compares with where the
// word is then.
func TestShift(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"", "x", "\n", "é😀", "a\nb", "\n\n\n", "long text "}
	const word = "LEAK"
	moved, dropped := 0, 0
	for range 20_000 {
		var before, after string
		for range random.IntN(5) {
			before += pieces[random.IntN(len(pieces))]
			after += pieces[random.IntN(len(pieces))]
		}
		d := &document{text: before + word + after}
		at := Range{positionOf(d.text, len(before)), positionOf(d.text, len(before)+len(word))}
		runes := []rune(d.text)
		i := random.IntN(len(runes) + 1)
		j := i + random.IntN(len(runes)+1-i)
		start, end := len(string(runes[:i])), len(string(runes[:j]))
		old := d.text
		change := contentChange{&Range{positionOf(old, start), positionOf(old, end)}, pieces[random.IntN(len(pieces))]}
		edits, whole := d.apply(1, []contentChange{change})
		if whole || len(edits) != 1 {
			t.Fatalf("edits %v, whole %t", edits, whole)
		}
		got, ok := edits[0].shift(at)
		overlaps := start < len(before)+len(word) && end > len(before)
		if ok == overlaps {
			t.Fatalf("%q: edit %v overlaps %v: %t, but shift says %t", old, change.Range, at, overlaps, ok)
		}
		if !ok {
			dropped++
			continue
		}
		moved++
		if found := d.text[offsetOf(d.text, got.Start):offsetOf(d.text, got.End)]; found != word {
			t.Fatalf("%q, %v replaced by %q: the word moved to %v, which is %q", old, change.Range, change.Text, got, found)
		}
	}
	if moved < 1000 || dropped < 1000 {
		t.Errorf("%d moved, %d dropped: the test does not try enough", moved, dropped)
	}
}

func TestApplyWhole(t *testing.T) {
	d := &document{text: "a"}
	edits, whole := d.apply(7, []contentChange{{Text: "new\n"}, {&Range{Position{1, 0}, Position{1, 0}}, "x"}})
	if !whole || len(edits) != 1 || d.text != "new\nx" || d.version != 7 {
		t.Errorf("%+v, edits %v, whole %t", d, edits, whole)
	}
	if _, whole := d.apply(8, []contentChange{{Text: "new\nx"}}); whole {
		t.Error("the same text again counts as a change")
	}
}

func TestFrames(t *testing.T) {
	stream := "Content-Length: 2\r\n\r\n{}content-type: x\r\ncontent-length:3\r\n\r\n[1]Content-Length: 0\n\n"
	for name, in := range map[string]io.Reader{
		"whole": strings.NewReader(stream),
		"bytes": iotest.OneByteReader(strings.NewReader(stream)),
	} {
		r := newFrameReader(in)
		var raw bytes.Buffer
		for _, want := range []string{"{}", "[1]", ""} {
			f, err := r.next()
			if err != nil || string(f.body) != want {
				t.Errorf("%s: body %q, error %v, want %q", name, f.body, err, want)
			}
			raw.Write(f.raw)
		}
		if _, err := r.next(); err != io.EOF {
			t.Errorf("%s: at the end: %v", name, err)
		}
		if raw.String() != stream {
			t.Errorf("%s: the raw frames are %q", name, raw.String())
		}
	}
	for _, cut := range []string{"Content-Le", "Content-Length: 5\r\n\r\n{}", "Content-Length: 5\r\n"} {
		if _, err := newFrameReader(strings.NewReader(cut)).next(); err != io.ErrUnexpectedEOF {
			t.Errorf("%q: %v", cut, err)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}Content-Length: 1\r\n\r\n"))
	f.Add([]byte("\r\n\r\nContent-Length:\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newFrameReader(bytes.NewReader(data))
		var read int
		for {
			frame, err := r.next()
			var bad *frameError
			if err != nil {
				if err != io.EOF && err != io.ErrUnexpectedEOF && !errors.As(err, &bad) {
					t.Errorf("error %v", err)
				}
				return
			}
			if !bytes.HasSuffix(frame.raw, frame.body) || !bytes.Equal(frame.raw, data[read:read+len(frame.raw)]) {
				t.Errorf("frame %q, body %q", frame.raw, frame.body)
			}
			read += len(frame.raw)
		}
	})
}

func TestURIs(t *testing.T) {
	for uri, path := range map[string]string{
		"file:///a/b.go":      "/a/b.go",
		"file:///a/%C3%A9.go": "/a/é.go",
		"file:///a/b%20c.go":  "/a/b c.go",
	} {
		if got := pathOf(uri); got != filepath.FromSlash(path) {
			t.Errorf("path of %s: %s", uri, got)
		}
		if got := uriOf(filepath.FromSlash(path)); got != uri {
			t.Errorf("uri of %s: %s", path, got)
		}
	}
	for _, uri := range []string{"untitled:Untitled-1", "git:/a/b.go?x", "%zz", ""} {
		if got := pathOf(uri); got != "" {
			t.Errorf("path of %s: %s", uri, got)
		}
	}
}

func TestOverlayNames(t *testing.T) {
	list, remove, err := writeOverlay(map[string]string{"/some/dir/a.go": "package a"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	name := filepath.Join(filepath.Dir(list), "root", "some", "dir", "a.go")
	if data, err := os.ReadFile(name); err != nil || string(data) != "package a" {
		t.Errorf("%s: %q, %v", name, data, err)
	}
	if got := originalName(name); got != "/some/dir/a.go" {
		t.Errorf("%s stands for %s", name, got)
	}
	for _, same := range []string{"/some/dir/a.go", "foo.y", "", "/tmp/killcheck-overlay-1"} {
		if got := originalName(same); got != same {
			t.Errorf("%s stands for %s", same, got)
		}
	}
	remove()
	if _, err := os.Stat(list); err == nil {
		t.Error("the overlay stays")
	}
}

func TestServes(t *testing.T) {
	for args, want := range map[string]bool{
		"":                           true,
		"serve":                      true,
		"-remote=auto":               true,
		"-mode=stdio":                true,
		"-mode stdio serve":          true,
		"-logfile /tmp/x -rpc.trace": true,
		"serve -logfile /tmp/x":      true,
		"-profile.cpu x -v serve":    true,
		"version -json":              false,
		"check a.go":                 false,
		"-v check a.go":              false,
		"-remote auto version":       false,
		"-listen=:1234":              false,
		"serve -listen :1234":        false,
		"-mcp.listen=:1":             false,
		"-h":                         false,
		"--help":                     false,
		"mcp":                        false,
	} {
		if got := Serves(strings.Fields(args)); got != want {
			t.Errorf("gopls %s: %t, want %t", args, got, want)
		}
	}
}

func TestFindGopls(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o777); err != nil {
			t.Fatal(err)
		}
		return path
	}
	put("script/gopls", "#!/bin/sh\nexec killcheck gopls \"$@\"\n")
	real := put("real/gopls", "#!/bin/sh\necho gopls\n")
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	put("copy/gopls", string(data))
	if err := os.Mkdir(filepath.Join(dir, "link"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(dir, "link", "gopls")); err != nil {
		t.Skip(err)
	}
	var path []string
	for _, name := range []string{"link", "copy", "script", "real"} {
		path = append(path, filepath.Join(dir, name))
	}
	t.Setenv("PATH", strings.Join(path, string(filepath.ListSeparator)))
	if got, err := FindGopls(); err != nil || got != real {
		t.Errorf("found %s, %v, want %s", got, err, real)
	}
	t.Setenv(GoplsVariable, filepath.Join(dir, "link", "gopls"))
	if got, err := FindGopls(); err == nil {
		t.Errorf("%s names ourselves, and was taken: %s", GoplsVariable, got)
	}
	t.Setenv(GoplsVariable, filepath.Join(dir, "none"))
	if got, err := FindGopls(); err == nil {
		t.Errorf("found %s", got)
	}
}

func TestInstallShim(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for range 2 { // the second time replaces the first
		name, err := InstallShim(dir)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(name) != dir || !isSelf(name) {
			t.Errorf("%s is not this program", name)
		}
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "gopls"), []byte("the real one"), 0o777); err != nil {
		t.Fatal(err)
	}
	if name, err := InstallShim(other); err == nil {
		t.Errorf("%s was overwritten", name)
	}
}

func TestHoverText(t *testing.T) {
	for in, want := range map[string]string{
		`"plain"`:                             "plain",
		`{"kind":"markdown","value":"v"}`:     "v",
		`{"language":"go","value":"x"}`:       "```go\nx\n```",
		`["a",{"language":"go","value":"x"}]`: "a\n\n```go\nx\n```",
		`null`:                                "",
		``:                                    "",
		`7`:                                   "",
	} {
		if got := hoverText([]byte(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
