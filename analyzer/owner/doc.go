// Package owner knows the types that own goroutines: the constructor that starts
// one, the method that ends it, what that method raises and whether it waits.
package owner
