package leaving

// A keeper gets a channel in each request, and takes what the asker sends there until
// the asker closes it.
type keeper chan ask

type ask struct {
	items <-chan int
	first chan<- int
}

func (k keeper) run() {
	var all []int
	for a := range k {
		a.first <- len(all)
		for i := range a.items {
			all = append(all, i)
		}
	}
}

func (k keeper) ask(items <-chan int) int {
	first := make(chan int)
	k <- ask{items: items, first: first}
	return <-first
}

func (k keeper) putOk(i int, items chan<- int) {
	items <- i
}

type board struct {
	k    keeper
	tick <-chan int
}

// newBoard has a keeper that takes all that it is sent.
func newBoard(tick <-chan int) *board {
	b := &board{k: make(keeper), tick: tick}
	go b.k.run()
	go b.loop()
	return b
}

func (b *board) loop() {
	defer close(b.k)
	for n := range b.tick {
		b.draw(n)
	}
}

func (b *board) draw(n int) {
	items := make(chan int)
	defer close(items)
	n -= b.k.ask(items)
	for i := range n {
		b.k.putOk(i, items)
	}
}

type strictKeeper chan strictAsk

type strictAsk struct {
	items <-chan int
	first chan<- int
}

func (k strictKeeper) run(write func() error) {
	for a := range k {
		a.first <- 0
		for i := range a.items {
			if err := write(); err != nil {
				println(i)
				return
			}
		}
	}
}

func (k strictKeeper) putBad(i int, items chan<- int) {
	items <- i // want `goroutine cannot end its send: the receiver of items can leave first`
}

type strictBoard struct {
	k    strictKeeper
	tick <-chan int
}

// newStrictBoard has a keeper that can leave between two items.
func newStrictBoard(tick <-chan int, write func() error) *strictBoard {
	b := &strictBoard{k: make(strictKeeper), tick: tick}
	go b.k.run(write)
	go b.loop()
	return b
}

func (b *strictBoard) loop() {
	defer close(b.k)
	for n := range b.tick {
		b.draw(n)
	}
}

func (b *strictBoard) draw(n int) {
	items := make(chan int)
	defer close(items)
	first := make(chan int)
	select {
	case b.k <- strictAsk{items: items, first: first}:
		n -= <-first
	default:
		return
	}
	for i := range n {
		b.k.putBad(i, items)
	}
}
