package regular

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	if err := os.WriteFile(name, []byte("12345"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int64{5, 6, 1 << 40} {
		if data, err := ReadFile(name, limit); err != nil || string(data) != "12345" {
			t.Errorf("limit %d: %q, %v", limit, data, err)
		}
	}
	for _, limit := range []int64{0, 4} {
		if _, err := ReadFile(name, limit); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), name) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	if _, err := ReadFile(dir, 10); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := ReadFile(filepath.Join(dir, "none"), 10); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(name, link); err != nil {
		t.Skip(err)
	}
	if data, err := ReadFile(link, 5); err != nil || string(data) != "12345" {
		t.Errorf("a link: %q, %v", data, err)
	}
}

func TestBuffer(t *testing.T) {
	b := &Buffer{Limit: 5}
	if _, err := io.Copy(b, strings.NewReader("12345")); err != nil || b.Err() != nil || string(b.Bytes()) != "12345" {
		t.Errorf("%v, %q", err, b.Bytes())
	}
	if _, err := io.Copy(b, strings.NewReader("6")); !errors.Is(err, ErrTooLarge) || !errors.Is(b.Err(), ErrTooLarge) {
		t.Errorf("%v, %v", err, b.Err())
	}
}

// TestBufferEndsProgram: a program that prints without end is stopped.
func TestBufferEndsProgram(t *testing.T) {
	yes, err := exec.LookPath("yes")
	if err != nil {
		t.Skip(err)
	}
	b := &Buffer{Limit: 1 << 20}
	cmd := exec.Command(yes)
	cmd.Stdout = b
	if err := cmd.Run(); err == nil || b.Err() == nil || len(b.Bytes()) > 1<<20 {
		t.Errorf("%v, %v, %d bytes", err, b.Err(), len(b.Bytes()))
	}
}

func TestHead(t *testing.T) {
	h := &Head{Limit: 5}
	for range 3 {
		if n, err := h.Write([]byte("1234")); n != 4 || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := h.String(); got != "12341\n... (cut after 5 bytes)\n" {
		t.Errorf("%q", got)
	}
}

func TestReader(t *testing.T) {
	if data, err := io.ReadAll(&Reader{strings.NewReader("12345"), 5}); err != nil || string(data) != "12345" {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := io.ReadAll(&Reader{strings.NewReader("123456"), 5}); !errors.Is(err, ErrTooLarge) || string(data) != "12345" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestUnmarshal(t *testing.T) {
	var v struct{ N int }
	for text, want := range map[string]string{
		"{\"N\": 1}\n":       "",
		"{\n\"N\": x\n}":     "f.json:2: invalid character",
		"{\n\n\"N\": \"x\"}": "f.json:3: json: cannot unmarshal",
		"{\n":                "f.json:2: unexpected end",
	} {
		err := Unmarshal("f.json", []byte(text), &v)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestLine(t *testing.T) {
	text := []byte("a\nb\n")
	for offset, want := range map[int64]int{-1: 1, 0: 1, 1: 1, 2: 2, 4: 3, 99: 3} {
		if got := Line(text, offset); got != want {
			t.Errorf("%d: line %d, want %d", offset, got, want)
		}
	}
	if got := Size(3<<20) + Size(5<<10) + Size(7); got != "3 MiB5 KiB7 bytes" {
		t.Error(got)
	}
}
