// Package code answers small questions about SSA and types that need no more
// than the value, instruction or type at hand: is this an error, who is the
// receiver, what is stored in this variable.
package code
