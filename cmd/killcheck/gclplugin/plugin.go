// Package gclplugin makes killcheck a linter of golangci-lint. Import it into a
// build of golangci-lint, or name it in the file .custom-gcl.yml; see
// docs/ci/golangci.md.
//
// golangci-lint applies every fix of a finding and shows related positions as
// findings of their own. So the plugin offers safe fixes only, one at most for
// each finding, and says in the message where the goroutine starts.
package gclplugin

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

// Name is the name of the linter.
const Name = "killcheck"

// init is how golangci-lint learns of plugins. It is the only one in the module.
func init() { register.Plugin(Name, New) }

// Settings are what .golangci.yml may say under
// linters.settings.custom.killcheck.settings.
type Settings struct {
	// Checks chooses the checks: core, extended, all, names, and -name to leave
	// one out. Without any, those of the core tier run.
	Checks []string `json:"checks"`
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
			return nil, fmt.Errorf("settings of killcheck: %w (there are \"checks\", a list, and \"rows\", a file or a list)", err)
		}
	}
	analyzers, err := choose(settings.Checks)
	if err != nil {
		return nil, err
	}
	if err := settings.Rows.set(); err != nil {
		return nil, err
	}
	return &plugin{analyzers}, nil
}

type plugin struct{ analyzers []*analysis.Analyzer }

// BuildAnalyzers returns the chosen checks.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode asks for types, of the dependencies too.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
