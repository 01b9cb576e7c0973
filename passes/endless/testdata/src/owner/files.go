package owner

// The type, the start and the loop stand in different files.

type Spread struct {
	jobs []func()
	wake chan bool
}
