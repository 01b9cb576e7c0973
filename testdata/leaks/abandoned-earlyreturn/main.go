// Command abandoned-earlyreturn writes two files side by side and returns at
// the first error, so the second result has no receiver.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"example.com/leaks/judge"
)

func save(path string, data []byte) error {
	if data == nil {
		return errors.New("nothing to save")
	}
	time.Sleep(5 * time.Millisecond)
	return os.WriteFile(path, data, 0o600)
}

func saveBoth(dir string, index, body []byte) error {
	indexErr := make(chan error)
	bodyErr := make(chan error)
	go func() { indexErr <- save(filepath.Join(dir, "index"), index) }()
	go func() { bodyErr <- save(filepath.Join(dir, "body"), body) }()
	if err := <-indexErr; err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if err := <-bodyErr; err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

func main() {
	dir, err := os.MkdirTemp("", "save")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	for range 2 {
		fmt.Println(saveBoth(dir, nil, []byte("text")))
	}
	judge.Report()
}
