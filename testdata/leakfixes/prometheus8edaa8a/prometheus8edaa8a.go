// Package prometheus8edaa8a is after prometheus 8edaa8ad4d97: a lexer sends its
// items to a parser that stops reading at the first syntax error.
package prometheus8edaa8a

import (
	"errors"
	"strings"
)

var errSyntax = errors.New("syntax error")

type lexerBad struct {
	input string
	items chan string
}

func lexBad(input string) *lexerBad {
	l := &lexerBad{input: input, items: make(chan string)}
	go l.run()
	return l
}

func (l *lexerBad) run() {
	for _, word := range strings.Fields(l.input) {
		l.items <- word
	}
	close(l.items)
}

// ParseBad counts the items of the input.
func ParseBad(input string) (int, error) {
	l := lexBad(input)
	n := 0
	for item := range l.items {
		if item == "!" {
			return 0, errSyntax
		}
		n++
	}
	return n, nil
}

type lexerOk struct {
	input string
	items chan string
}

func lexOk(input string) *lexerOk {
	l := &lexerOk{input: input, items: make(chan string)}
	go l.run()
	return l
}

func (l *lexerOk) run() {
	for _, word := range strings.Fields(l.input) {
		l.items <- word
	}
	close(l.items)
}

// drain reads what the parser left, so that the lexer ends.
func (l *lexerOk) drain() {
	for range l.items {
	}
}

// ParseOk counts the items of the input.
func ParseOk(input string) (int, error) {
	l := lexOk(input)
	defer l.drain()
	n := 0
	for item := range l.items {
		if item == "!" {
			return 0, errSyntax
		}
		n++
	}
	return n, nil
}
