package main

import "fmt"

// An exitCode is the exit status of the command.
type exitCode int

// The exit codes of the command line.
const (
	exitClean       exitCode = 0   // everything was analysed, nothing was found
	exitFindings    exitCode = 1   // something was found, or -diff printed a difference
	exitFailure     exitCode = 2   // wrong usage, or not everything could be analysed or fixed
	exitInterrupted exitCode = 130 // stopped by a signal
)

// A usageError is a mistake in the arguments.
type usageError struct {
	text    string
	command string // whose page of help shows what is right; empty for that of the program
}

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...)}
}
