package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/group"
	"github.com/killcheck/killcheck/internal/regular"
)

// maxGit is how much git may print, in bytes.
const maxGit = 256 << 20

// A repository runs git where others may have written the configuration. It starts
// none of the programs that the configuration or the attributes of a repository can
// name: monitors, hooks, filters, pagers, helpers of remotes. (Drivers of diff are
// turned off by the flags of git diff.)
type repository struct {
	dir string
	env []string
}

// A setting is one of the configuration.
type setting struct{ name, value string }

// openRepository prepares git for the repository that a directory lies in.
func openRepository(ctx context.Context, dir string) (*repository, error) {
	g := &repository{dir: dir}
	settings := []setting{
		{"core.fsmonitor", "false"},
		{"core.hooksPath", "/dev/null"}, // for git on any system
		{"core.pager", "cat"},
	}
	g.set(settings)
	if err := g.check(ctx); err != nil {
		return nil, err
	}
	names, err := g.run(ctx, "config", "--null", "--name-only", "--show-scope", "--includes", "--list")
	if err != nil {
		return nil, err
	}
	g.set(append(settings, neutral(strings.Split(names, "\x00"))...))
	return g, nil
}

// neutral returns settings that override those that name programs or files. The list
// has a scope before each name.
func neutral(list []string) []setting {
	var settings []setting
	for i := 0; i+1 < len(list); i += 2 {
		scope, name := list[i], list[i+1]
		part := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
		filter := strings.HasPrefix(strings.ToLower(name), "filter.")
		switch {
		case filter && (part == "clean" || part == "smudge" || part == "process"):
			settings = append(settings, setting{name, ""})
		case filter && part == "required":
			settings = append(settings, setting{name, "false"})
		case (scope == "local" || scope == "worktree") && (strings.EqualFold(name, "core.excludesFile") || strings.EqualFold(name, "core.attributesFile")):
			settings = append(settings, setting{name, "/dev/null"})
		}
	}
	return settings
}

// set makes settings win over those of all files. They travel in the environment,
// where, unlike in an argument, a name may hold "=".
func (g *repository) set(settings []setting) {
	const count = "GIT_CONFIG_COUNT"
	first, err := strconv.Atoi(os.Getenv(count))
	if err != nil {
		first = 0
	}
	g.env = []string{
		"GIT_OPTIONAL_LOCKS=0",    // nothing is written
		"GIT_NO_LAZY_FETCH=1",     // nor fetched, which may start any program; since git 2.44
		"GIT_ALLOW_PROTOCOL=none", // the same for older ones
		"GIT_TERMINAL_PROMPT=0",
		count + "=" + strconv.Itoa(first+len(settings)),
	}
	for i, s := range settings {
		n := strconv.Itoa(first + i)
		g.env = append(g.env, "GIT_CONFIG_KEY_"+n+"="+s.name, "GIT_CONFIG_VALUE_"+n+"="+s.value)
	}
}

// check makes sure that git heeds the settings, which that before 2.31 does not.
func (g *repository) check(ctx context.Context) error {
	if _, err := g.run(ctx, "rev-parse", "--show-toplevel"); err != nil { // outside of a repository git diff would compare two files
		return err
	}
	if out, err := g.run(ctx, "config", "core.hooksPath"); err != nil || strings.TrimSpace(out) != "/dev/null" {
		return errors.New("git 2.31 or newer is needed, which can be kept from running what a repository names")
	}
	return nil
}

// resolve returns the hash that a revision stands for.
func (g *repository) resolve(ctx context.Context, revision string) (string, error) {
	if strings.HasPrefix(revision, "-") {
		return "", usagef("%q is no revision", revision)
	}
	out, err := g.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision)
	hash := strings.TrimSpace(out)
	if err != nil || hash == "" || strings.Trim(hash, "0123456789abcdef") != "" {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("git knows no revision %q", revision)
	}
	return hash, nil
}

// run runs git and returns what it printed.
func (g *repository) run(ctx context.Context, args ...string) (string, error) {
	return g.feed(ctx, "", args...)
}

// feed runs git with some input and returns what it printed.
func (g *repository) feed(ctx context.Context, input string, args ...string) (string, error) {
	cmd := group.Command(ctx, time.Second, "git", append([]string{"--no-pager"}, args...)...)
	cmd.Dir = g.dir
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = append(os.Environ(), g.env...)
	stdout, stderr := &regular.Buffer{Limit: maxGit}, &regular.Head{Limit: 1 << 20}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	if over := stdout.Err(); over != nil {
		return "", fmt.Errorf("git %s: %w", args[0], over)
	}
	if err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			err = errors.New(text)
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return string(stdout.Bytes()), nil
}
