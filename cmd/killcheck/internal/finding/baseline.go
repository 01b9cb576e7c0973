package finding

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

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
	known := make(map[string]bool)
	for _, e := range b.Findings {
		if e.Fingerprint == "" {
			return nil, fmt.Errorf("baseline %s: %w", name, errors.New("an entry has no fingerprint"))
		}
		known[e.Fingerprint] = true
	}
	return known, nil
}

// WriteBaseline writes the findings that no directive mutes to a baseline file,
// with paths below root.
func WriteBaseline(name, root string, findings []Finding) error {
	b := baseline{Version: baselineVersion, Findings: []baselineEntry{}}
	for _, f := range findings {
		if f.Muted != "" {
			continue
		}
		b.Findings = append(b.Findings, baselineEntry{f.Fingerprint, f.Check, f.Tier(), Relative(root, f.File), f.Message})
	}
	data, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return fmt.Errorf("baseline: %w", err)
	}
	if err := os.WriteFile(name, append(data, '\n'), 0o666); err != nil {
		return fmt.Errorf("baseline: %w", err)
	}
	return nil
}
