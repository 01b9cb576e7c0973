package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// GoplsVersion is the version of gopls that is known to build with the checks.
const GoplsVersion = "v0.23.0"

// A Build makes a gopls that holds the checks. gopls has no plugins, so a copy
// of its source gets one more file.
type Build struct {
	Gopls     string    // version of gopls
	Module    string    // version of killcheck, if Directory is empty
	Directory string    // source of killcheck; empty to take Module
	Extended  bool      // add the checks of the extended tier, too
	Output    string    // the program to write
	Log       io.Writer // what the go command says
}

const modulePath = "github.com/killcheck/killcheck"

// extension is the added file. Its init is the one way into the list of
// analyzers, which gopls reads after all packages are initialized.
const extension = `package settings

import (
	"golang.org/x/tools/gopls/internal/protocol"

	"github.com/killcheck/killcheck/passes"
)

func init() {
	for _, check := range passes.New(passes.Options{Review: true}) {
		if %t || check.Tier == passes.Core {
			AllAnalyzers = append(AllAnalyzers, &Analyzer{analyzer: check.Analyzer, severity: protocol.SeverityWarning})
		}
	}
}
`

// Run builds. It takes a minute or two and needs the network unless the modules
// are in the module cache.
func (b *Build) Run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "killcheck-gopls-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // what stays is in the temporary directory
	source, err := b.download(ctx, dir)
	if err != nil {
		return err
	}
	tree := filepath.Join(dir, "gopls")
	if err := copyTree(tree, source); err != nil {
		return fmt.Errorf("copying the source of gopls: %w", err)
	}
	file := filepath.Join(tree, "internal", "settings", "killcheck_ext.go")
	if err := os.WriteFile(file, fmt.Appendf(nil, extension, b.Extended), 0o666); err != nil {
		return err
	}
	output, err := filepath.Abs(b.Output)
	if err != nil {
		return err
	}
	edit := []string{"mod", "edit"}
	if b.Directory != "" {
		own, err := filepath.Abs(b.Directory)
		if err != nil {
			return err
		}
		edit = append(edit, "-require="+modulePath+"@v0.0.0", "-replace="+modulePath+"="+own)
	} else {
		edit = append(edit, "-require="+modulePath+"@"+b.Module)
	}
	if _, err := b.command(ctx, tree, edit...); err != nil {
		return err
	}
	_, err = b.command(ctx, tree, "build", "-mod=mod", "-o", output, ".")
	return err
}

// download gives the directory of the source of gopls in the module cache.
func (b *Build) download(ctx context.Context, dir string) (string, error) {
	out, err := b.command(ctx, dir, "mod", "download", "-json", "golang.org/x/tools/gopls@"+b.Gopls)
	if err != nil {
		return "", err
	}
	var module struct{ Dir, Error string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", fmt.Errorf("go mod download: %w", err)
	}
	if module.Dir == "" {
		return "", fmt.Errorf("go mod download: %s", module.Error)
	}
	return module.Dir, nil
}

func (b *Build) command(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	// The copy stands alone: no workspace, no flags meant for other modules.
	cmd.Env = append(os.Environ(), "PWD="+dir, "GOWORK=off", "GOFLAGS=")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, b.Log
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}

// copyTree copies a tree of the module cache, whose files are read-only, into
// one that can be changed and removed.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o777)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o666)
	})
}
