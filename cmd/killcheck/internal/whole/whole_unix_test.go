//go:build unix

package whole

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestWriteInto: what keeps nothing is written to, and stays what it is.
func TestWriteInto(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Skip(err)
	}
	got := make(chan string, 1)
	go func() {
		data, _ := os.ReadFile(fifo) // an error shows as a text that is not the one
		got <- string(data)
	}()
	if err := Write(context.Background(), fifo, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "text" {
		t.Errorf("%q", text)
	}
	if err := Write(context.Background(), os.DevNull, []byte("text")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is a file now", os.DevNull)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	link := filepath.Join("/proc/self/fd", string(rune('0'+w.Fd())))
	if _, err := os.Stat(link); err != nil || w.Fd() > 9 {
		return
	}
	if err := Write(context.Background(), link, []byte("x")); err != nil {
		t.Errorf("%s: %v", link, err)
	}
}
