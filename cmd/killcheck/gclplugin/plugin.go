// Package gclplugin makes killcheck a linter of golangci-lint. Import it into a
// build of golangci-lint, or name it in the file .custom-gcl.yml; see
// docs/ci/golangci.md.
//
// golangci-lint applies every fix of a finding and shows related positions as
// findings of their own. So the plugin offers safe fixes only, one at most for
// each finding, and says in the message where the goroutine starts.
package gclplugin

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
)

// Name is the name of the linter.
const Name = "killcheck"

// init is how golangci-lint learns of plugins. It is the only one in the module.
func init() { register.Plugin(Name, New) }

// Settings are what .golangci.yml may say under
// linters.settings.custom.killcheck.settings.
type Settings struct {
	// Checks chooses the checks: core, extended, all, names, and -name to leave
	// one out. Without any, those of the configuration run, or of the core tier.
	Checks []string `json:"checks"`
	// Config is the file to use instead of the .killcheck.yaml that is found; off
	// for none.
	Config string `json:"config"`
	// Rows adds rows to the knowledge base.
	Rows Rows `json:"rows"`
}

// New returns the plugin for the settings, which have the form that
// golangci-lint reads from YAML. Unknown settings and checks and wrong rows are
// errors.
func New(conf any) (register.LinterPlugin, error) {
	var settings Settings
	if conf != nil {
		var err error
		if settings, err = register.DecodeSettings[Settings](conf); err != nil {
			return nil, fmt.Errorf("settings of killcheck: %w (there are \"checks\", a list, \"rows\", a file or a list, and \"config\", a file)", err)
		}
	}
	analyzers, err := settings.analyzers()
	if err != nil {
		return nil, fmt.Errorf("settings of killcheck: %w", err)
	}
	return &plugin{analyzers}, nil
}

func (s Settings) analyzers() ([]*analysis.Analyzer, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if s.Config != "" && s.Config != config.Off {
		if s.Config, err = find(s.Config); err != nil {
			return nil, err
		}
	}
	cfg, err := config.NewSet(selectable(), dir, s.Config).For(dir)
	if err != nil {
		return nil, err
	}
	rows, err := s.Rows.text()
	if err != nil {
		return nil, err
	}
	rows += "\n" + cfg.Text()
	if _, err := kb.Load(kb.Source{Name: "rows", Text: rows}); err != nil {
		return nil, err
	}
	if err := analyzer.Analyzer.Flags.Set("rows", strings.TrimLeft(rows, "\n")); err != nil {
		return nil, err
	}
	chosen, err := choose(s.Checks, cfg)
	if err != nil {
		return nil, err
	}
	var sum string
	if cfg != nil || s.Rows.File != "" {
		hash := sha256.New()
		fmt.Fprintf(hash, "%s\n", rows)
		if cfg != nil {
			fmt.Fprintf(hash, "%s\n%s\n", cfg.File, cfg.Hash)
		}
		sum = hex.EncodeToString(hash.Sum(nil))
	}
	return marked(chosen, sum), nil
}

type plugin struct{ analyzers []*analysis.Analyzer }

// BuildAnalyzers returns the chosen checks.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode asks for types, of the dependencies too.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
