//go:build race

package promote

const raceEnabled = true
