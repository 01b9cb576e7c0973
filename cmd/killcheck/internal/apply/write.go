package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/whole"
)

// Done is what was written.
type Done struct {
	Fixes int
	Names []string // of the files that have their new text
	Left  []Left   // why others have not
}

// Write writes the changes. It stops between two fixes when the context ends,
// and returns its error then; what was done is done whole. Only one process at a
// time writes in a folder, where the system can tell.
func (p *Plan) Write(ctx context.Context) (Done, error) {
	var done Done
	whole.Sweep(folders(p.Changes)) // links may lead out of the packages
	for _, group := range p.groups() {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		err := writeGroup(ctx, group)
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return done, err
		}
		if err != nil {
			failed := new(fileError)
			if !errors.As(err, &failed) {
				return done, err
			}
			done.Left = append(done.Left, Left{failed.name, failed.reason})
			if !failed.written {
				continue
			}
		}
		done.Fixes += count(group)
		for _, c := range group {
			done.Names = append(done.Names, c.Name)
		}
	}
	return done, nil
}

// A fileError is a failure to write one file. Written says that the files of its
// group have their new texts all the same.
type fileError struct {
	name, reason string
	written      bool
}

func (e *fileError) Error() string { return e.name + ": " + e.reason }

func failed(c Change, err error) error { return &fileError{name: c.Name, reason: reason(err)} }

// A replacement is the change of one file while it is made.
type replacement struct {
	Change
	path     string
	old      *os.File // the file as it was found, by which late changes are noticed
	fresh    string   // temporary file with the new text; empty once it is in place
	previous string   // temporary file with the old text, for the way back; empty if there is none
	placed   bool
}

// writeGroup writes files that belong together: all, or none.
func writeGroup(ctx context.Context, group []Change) (err error) {
	unlock, err := lockFolders(ctx, group)
	if err != nil {
		return err
	}
	defer unlock()
	all := make([]*replacement, len(group))
	defer func() {
		for _, r := range all {
			r.clean()
		}
	}()
	for i, c := range group {
		all[i] = &replacement{Change: c, path: c.file.path}
	}
	for _, r := range all {
		if err := r.prepare(len(group) > 1); err != nil {
			return failed(r.Change, err)
		}
	}
	for _, r := range all {
		if err := r.look(); err != nil {
			return failed(r.Change, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, r := range all {
		if err := r.place(); err != nil {
			return rollBack(all, failed(r.Change, err))
		}
	}
	for _, r := range all {
		if err := r.lookAgain(); err != nil {
			return rollBack(all, failed(r.Change, err))
		}
	}
	for _, r := range all {
		if err := whole.SyncFolder(filepath.Dir(r.path)); err != nil {
			return &fileError{name: r.Name, reason: "is written, but may be lost if the power fails: " + reason(err), written: true}
		}
	}
	return nil
}

// prepare writes the temporary files.
func (r *replacement) prepare(several bool) (err error) {
	if r.old, err = openRegular(r.path); err != nil {
		return err
	}
	if err := writable(r.old, r.path); err != nil {
		return err
	}
	if r.fresh, err = whole.Beside(r.old, r.path, r.New); err != nil {
		return err
	}
	if several {
		r.previous, err = whole.Beside(r.old, r.path, r.Old)
	}
	return err
}

// look makes sure that the file still has the text that was analysed, and the
// name leads to it.
func (r *replacement) look() error {
	same, err := sameText(r.old, r.Old)
	if err != nil {
		return err
	}
	now, err := os.Lstat(r.path)
	if err != nil {
		return err
	}
	if was, err := r.old.Stat(); err != nil || !same || !os.SameFile(was, now) {
		return errors.New(reasonChanged)
	}
	return writable(r.old, r.path)
}

// place puts the new text in the place of the old.
func (r *replacement) place() error {
	if closeFirst {
		r.old.Close()
		r.old = nil
	}
	if err := os.Rename(r.fresh, r.path); err != nil {
		return err
	}
	r.fresh, r.placed = "", true
	return nil
}

// lookAgain notices that somebody has written to the old file in the moment
// before the new one took its name.
func (r *replacement) lookAgain() error {
	if r.old == nil {
		return nil
	}
	late, err := readAll(r.old)
	if err != nil || string(late) == string(r.Old) {
		return err
	}
	back, err := whole.Beside(r.old, r.path, late)
	if err != nil {
		return fmt.Errorf("has changed in the moment when it was written, and the change is lost: %w", err)
	}
	r.remove(&r.previous)
	r.previous = back
	return errors.New(reasonChanged)
}

// rollBack gives the files that were written their old texts again.
func rollBack(all []*replacement, cause error) error {
	for _, r := range all {
		if !r.placed {
			continue
		}
		var err error
		if r.previous == "" {
			r.previous, err = whole.Beside(r.old, r.path, r.Old)
		}
		if err == nil {
			err = os.Rename(r.previous, r.path)
		}
		if err != nil {
			return &fileError{name: r.Name, reason: fmt.Sprintf("has its new text, although its fix failed (%v): %s", cause, reason(err))}
		}
		r.previous, r.placed = "", false
		_ = whole.SyncFolder(filepath.Dir(r.path)) // the cause is told anyway
	}
	return cause
}

// clean removes what a change needs only for a while.
func (r *replacement) clean() {
	if r == nil {
		return
	}
	r.remove(&r.fresh)
	r.remove(&r.previous)
	if r.old != nil {
		r.old.Close()
	}
}

func (r *replacement) remove(name *string) {
	if *name != "" {
		_ = os.Remove(*name) // else the next run does
		*name = ""
	}
}

// folders returns the folders of the changes, sorted, each once.
func folders(group []Change) []string {
	var all []string
	for _, c := range group {
		all = append(all, filepath.Dir(c.file.path))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// lockFolders waits until no other killcheck writes in the folders.
func lockFolders(ctx context.Context, group []Change) (unlock func(), err error) {
	var locks []*os.File
	unlock = func() {
		for _, l := range locks {
			l.Close()
		}
	}
	for _, dir := range folders(group) {
		l, err := whole.Lock(ctx, dir)
		if err != nil {
			unlock()
			return nil, err
		}
		if l != nil {
			locks = append(locks, l)
		}
	}
	return unlock, nil
}
