package helping

func fetchBad(failed bool, get func() int) int {
	c := make(chan int)
	go func() { c <- get() }() // want `can return without receiving from c`
	if failed {
		return 0
	}
	return <-c
}

// What has a Fatal of its own is no test.
type logger interface{ Fatal(...any) }

func loggedBad(l logger, failed bool, get func() int) int {
	c := make(chan int)
	go func() { c <- get() }() // want `can return without receiving from c`
	if failed {
		l.Fatal("failed")
		return 0
	}
	return <-c
}
