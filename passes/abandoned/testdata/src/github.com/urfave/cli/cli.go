// Package cli stands for the library of this name.
package cli

type Context struct{ Args []string }

type Command struct{ Action func(*Context) error }
