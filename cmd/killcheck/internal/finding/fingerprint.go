package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strconv"
	"strings"
)

// SetFingerprints gives each of the findings a fingerprint. It is made of the
// check, the path below root, the message and the text of the line without
// white space around it, so it survives when lines move. Equal findings in one
// file are told apart by their order; those that a directive mutes come last,
// so that a directive does not change the fingerprints of others.
func SetFingerprints(sorted []Finding, root string, src *Source) {
	seen := make(map[string]int)
	set := func(f *Finding) {
		text := strings.TrimSpace(src.Line(f.File, f.Start.Line))
		key := strings.Join([]string{f.Check, Relative(root, f.File), f.Message, text}, "\x00")
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
		seen[key]++
		f.Fingerprint = hex.EncodeToString(sum[:16])
	}
	for i := range sorted {
		if sorted[i].Muted == "" {
			set(&sorted[i])
		}
	}
	for i := range sorted {
		if sorted[i].Muted != "" {
			set(&sorted[i])
		}
	}
}

// Relative returns the slash-separated path of file below dir, or the absolute
// path if it lies elsewhere.
func Relative(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}
