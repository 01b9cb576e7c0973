package abandoned

// Others receive from what an exported function gives them, though they have no name
// for its type.

type source struct{ out chan int }

func NewSource() *source { return &source{make(chan int)} }

func (s *source) Start() {
	go func() { s.out <- 1 }()
}

func (s *source) Out() <-chan int { return s.out }

// Others have what is embedded in a type of theirs.

type Station struct{ *tower }

type tower struct{ out chan int }

func NewStation() *Station { return &Station{&tower{make(chan int)}} }

func (t *tower) Start() {
	go func() { t.out <- 1 }()
}

func (t *tower) Out() <-chan int { return t.out }

// And what a callback is given.

type entry struct{ out chan int }

func Each(f func(*entry)) {
	r := &entry{make(chan int)}
	r.start()
	f(r)
}

func (r *entry) start() {
	go func() { r.out <- 1 }()
}

func (r *entry) Out() <-chan int { return r.out }

// Nobody else gets one of these.

type mine struct{ out chan int }

func newMine() *mine { return &mine{make(chan int)} }

func (m *mine) StartBad() {
	go func() { m.out <- 1 }() // want `nothing receives from m\.out`
}

func (m *mine) Out() <-chan int { return m.out }

func UseMine() {
	m := newMine()
	m.StartBad()
}
