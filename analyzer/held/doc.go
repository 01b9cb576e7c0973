// Package held knows what goes wrong while locks are held: waits that only somebody
// ends who needs the lock, locks that are taken twice or in opposite orders, and
// returns that keep one.
package held
