package passes_test

// typeKinds are ways in which the types of a package, and their methods, grow.
var typeKinds = []kind{
	{"types", func(n int) string {
		return "import \"sync\"\n" + repeat(n, `
type T%[1]d struct {
	c    chan int
	stop chan struct{}
	mu   sync.Mutex
	wg   sync.WaitGroup
	last int
}

func New%[1]d() *T%[1]d {
	t := &T%[1]d{c: make(chan int), stop: make(chan struct{})}
	t.wg.Add(1)
	go t.Run()
	return t
}

func (t *T%[1]d) Run() {
	defer t.wg.Done()
	for {
		select {
		case v := <-t.c:
			t.mu.Lock()
			t.last = v
			t.mu.Unlock()
		case <-t.stop:
			return
		}
	}
}

func (t *T%[1]d) Put(v int) { t.c <- v }

func (t *T%[1]d) Close() {
	close(t.stop)
	t.wg.Wait()
}
`)
	}},
	{"owners", func(n int) string {
		return "import \"sync\"\n" + repeat(n, `
type T%[1]d struct {
	c  chan int
	mu sync.Mutex
	wg sync.WaitGroup
	n  int
}

func (t *T%[1]d) Run() {
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		for v := range t.c {
			t.mu.Lock()
			t.n += v
			t.mu.Unlock()
		}
	}()
}

func (t *T%[1]d) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.c)
	t.wg.Wait()
}
`)
	}},
	{"held", func(n int) string {
		return "import \"sync\"\n" + repeat(n, `
type T%[1]d struct {
	c  chan int
	mu sync.Mutex
	wg sync.WaitGroup
	n  int
}

func (t *T%[1]d) Run() {
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		for {
			t.mu.Lock()
			t.n += <-t.c
			t.mu.Unlock()
		}
	}()
}

func (t *T%[1]d) Close() {
	t.mu.Lock()
	close(t.c)
	t.mu.Unlock()
	t.wg.Wait()
}
`)
	}},
	{"endless", func(n int) string {
		return "import \"sync\"\n" + repeat(n, `
type t%[1]d struct {
	c  chan int
	mu sync.Mutex
	wg sync.WaitGroup
	n  int
}

func new%[1]d() *t%[1]d {
	t := &t%[1]d{c: make(chan int)}
	t.wg.Add(1)
	go t.Run()
	return t
}

func (t *t%[1]d) Run() {
	defer t.wg.Done()
	for {
		v := <-t.c
		t.mu.Lock()
		t.n += v
		t.mu.Unlock()
	}
}

func (t *t%[1]d) Close() {
	t.mu.Lock()
	close(t.c)
	t.mu.Unlock()
	t.wg.Wait()
}

func Use%[1]d() { new%[1]d() }
`)
	}},
	{"underlock", func(n int) string {
		return "import \"sync\"\n" + repeat(n, `
type T%[1]d struct {
	ch chan int
	mu sync.Mutex
	wg sync.WaitGroup
}

func (t *T%[1]d) Run() {
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		for v := range t.ch {
			t.mu.Lock()
			_ = v
			t.mu.Unlock()
		}
	}()
	t.mu.Lock()
	t.ch <- 1
	t.mu.Unlock()
}

func (t *T%[1]d) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.ch)
	t.wg.Wait()
}

func Use%[1]d() {
	t := &T%[1]d{ch: make(chan int)}
	t.Run()
	t.Close()
}
`)
	}},
	{"methods", func(n int) string {
		return "import \"sync\"\n\ntype T struct {\n\tmu sync.Mutex\n\tc, stop chan int\n\tn int\n}\n\nfunc (t *T) Run() {\n\tfor {\n\t\tselect {\n\t\tcase <-t.c:\n\t\t\tt.M0()\n\t\tcase <-t.stop:\n\t\t\treturn\n\t\t}\n\t}\n}\n\nfunc Start(t *T) { go t.Run() }\n" + repeat(n, `
func (t *T) M%[1]d() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	t.c <- t.n
}
`)
	}},
	{"fields", func(n int) string {
		return "type T struct {" + repeat(n, "\n\tc%[1]d chan int") + "\n}\n" + repeat(n, `
func (t *T) Start%[1]d() {
	t.c%[1]d = make(chan int)
	go func() {
		for v := range t.c%[1]d {
			println(v)
		}
	}()
}

func (t *T) Stop%[1]d() { close(t.c%[1]d) }
`)
	}},
	{"implementers", func(n int) string {
		return "type runner interface{ run(stop chan struct{}) }\n\nfunc Start(r runner, stop chan struct{}) { go r.run(stop) }\n" + repeat(n, `
type t%[1]d struct{ c chan int }

func (t *t%[1]d) run(stop chan struct{}) {
	select {
	case <-t.c:
	case <-stop:
	}
}

func Use%[1]d(stop chan struct{}) { Start(&t%[1]d{make(chan int)}, stop) }
`)
	}},
	{"handles", func(n int) string {
		return "import \"net\"\n" + repeat(n, `
type S%[1]d struct {
	l    net.Listener
	done chan struct{}
}

func (s *S%[1]d) Serve() {
	go func() {
		defer close(s.done)
		for {
			c, err := s.l.Accept()
			if err != nil {
				return
			}
			go func() {
				buf := make([]byte, 8)
				c.Read(buf)
				c.Close()
			}()
		}
	}()
}

func (s *S%[1]d) Close() {
	s.l.Close()
	<-s.done
}
`)
	}},
	{"flags", func(n int) string {
		return "type T struct {" + repeat(n, "\n\tdone%[1]d bool") + "\n}\n" + repeat(n, `
func (t *T) run%[1]d(c chan int) {
	for !t.done%[1]d {
		<-c
	}
}

func (t *T) Start%[1]d(c chan int) { go t.run%[1]d(c) }

func (t *T) stop%[1]d() { t.done%[1]d = true }

func (t *T) End%[1]d() { t.stop%[1]d() }
`)
	}},
	{"hooks", func(n int) string {
		return "type T struct{ hook func(int) }\n" + repeat(n, `
func (t *T) Set%[1]d(c chan int) { t.hook = func(v int) { c <- v + %[1]d } }

func (t *T) Call%[1]d() { go t.hook(%[1]d) }
`)
	}},
	{"invokes", func(n int) string {
		return "type sink interface{ put(v int) }\n" + repeat(n, `
type t%[1]d struct{ c chan int }

func (t *t%[1]d) put(v int) { t.c <- v }

func Put%[1]d(s sink) {
	go func() {
		s.put(%[1]d)
	}()
}

func New%[1]d() any { return &t%[1]d{make(chan int)} }
`)
	}},
	{"conds", func(n int) string {
		return "import \"sync\"\n" + repeat(n, `
type q%[1]d struct {
	mu    sync.Mutex
	cond  sync.Cond
	ready bool
}

func New%[1]d() any {
	q := &q%[1]d{}
	q.cond.L = &q.mu
	go q.run()
	return q
}

func (q *q%[1]d) run() {
	q.mu.Lock()
	for !q.ready {
		q.cond.Wait()
	}
	q.mu.Unlock()
}

func (q *q%[1]d) Set() {
	q.mu.Lock()
	q.ready = true
	q.mu.Unlock()
}
`)
	}},
}
