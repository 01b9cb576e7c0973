// Package handle knows which values are the same handle, such as a connection, a
// file or a child process, who closes it, kills it or sets a deadline on it,
// and whether all code that could do so is seen. From that it says which end of a pipe
// is left as it is, and which child process is not waited for.
package handle
