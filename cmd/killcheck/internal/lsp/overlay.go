package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// overlayMark begins the name of the directory that holds the files of one
// overlay. Findings name the file in it, even findings that the go command has
// kept from an earlier run with the same text. So the rest of such a name spells
// the original one, and can be read without knowing the run.
const overlayMark = "killcheck-overlay-"

// writeOverlay writes files for the go command's flag -overlay and gives the
// name of the list. Hidden files are as if they did not exist. The caller calls
// remove when the command has ended.
func writeOverlay(texts map[string]string, hidden []string) (list string, remove func(), err error) {
	dir, err := os.MkdirTemp("", overlayMark)
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) } // what stays is in the temporary directory
	replace := make(map[string]string)
	for path, text := range texts {
		name := filepath.Join(dir, encodeName(path))
		if err = os.MkdirAll(filepath.Dir(name), 0o700); err == nil {
			err = os.WriteFile(name, []byte(text), 0o600)
		}
		if err != nil {
			remove()
			return "", nil, err
		}
		replace[path] = name
	}
	for _, path := range hidden {
		replace[path] = ""
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	list = filepath.Join(dir, "overlay.json")
	if err == nil {
		err = os.WriteFile(list, data, 0o600)
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return list, remove, nil
}

// encodeName turns an absolute name into a relative one: /a/b.go into root/a/b.go,
// C:\a\b.go into C/a/b.go.
func encodeName(path string) string {
	volume := filepath.VolumeName(path)
	first := strings.TrimSuffix(volume, ":")
	if first == "" {
		first = "root"
	}
	return filepath.Join(first, path[len(volume):])
}

// originalName gives the name of the file that an overlay file stands for, and
// any other name as it is.
func originalName(name string) string {
	_, rest, ok := strings.Cut(name, overlayMark)
	if !ok {
		return name
	}
	slash := string(filepath.Separator)
	_, rest, ok = strings.Cut(rest, slash) // the random end of the directory's name
	if !ok {
		return name
	}
	first, rest, ok := strings.Cut(rest, slash)
	if !ok {
		return name
	}
	if first == "root" {
		return slash + rest
	}
	return first + ":" + slash + rest
}
