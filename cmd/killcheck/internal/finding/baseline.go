package finding

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/regular"
)

// baselineVersion is the version of the file format, raised with each
// incompatible change.
const baselineVersion = 1

// maxBaseline is the size, in bytes, up to which a baseline is read. An entry has
// about 300.
const maxBaseline = 256 << 20

type baseline struct {
	Version  int             `json:"version"`
	Shard    *shard.Mark     `json:"shard,omitempty"`
	Findings []baselineEntry `json:"findings"`
}

// Check, Tier, File and Message are for the reader; only the fingerprint counts.
type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Check       string `json:"check"`
	Tier        string `json:"tier"`
	File        string `json:"file"`
	Message     string `json:"message"`
}

// ReadBaseline returns the fingerprints of a baseline file.
func ReadBaseline(name string) (map[string]bool, error) {
	data, err := regular.ReadFile(name, maxBaseline)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	var b baseline
	if err := regular.Unmarshal(name, data, &b); err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	if b.Version != baselineVersion {
		return nil, fmt.Errorf("baseline %s: version %d, want %d", name, b.Version, baselineVersion)
	}
	if b.Shard != nil {
		return nil, fmt.Errorf("baseline %s: it is that of shard %s: \"killcheck merge\" makes one of all of them", name, b.Shard.Shard())
	}
	known := make(map[string]bool)
	for _, e := range b.Findings {
		if e.Fingerprint == "" {
			return nil, fmt.Errorf("baseline %s: %w", name, errors.New("an entry has no fingerprint"))
		}
		known[e.Fingerprint] = true
	}
	return known, nil
}

// Baseline returns the text of a baseline file with the findings that no directive
// mutes, with paths below root. The mark is that of a shard, or nil.
func Baseline(root string, mark *shard.Mark, findings []Finding) ([]byte, error) {
	b := baseline{Version: baselineVersion, Shard: mark, Findings: []baselineEntry{}}
	for _, f := range findings {
		if f.Muted != "" {
			continue
		}
		b.Findings = append(b.Findings, baselineEntry{f.Fingerprint, f.Check, f.Tier(), Relative(root, f.File), f.Message})
	}
	data, err := json.MarshalIndent(b, "", "\t")
	return append(data, '\n'), err
}
