package passes_test

import (
	"fmt"
	"strings"
)

// A kind is one way in which a package grows: source returns one with n of them.
type kind struct {
	name   string
	source func(n int) string
}

// kinds are the ways in which packages grow, each of which a scan over "all of
// that" would make slow: many types, many goroutines, long functions, wide and
// deep calls.
var kinds = []kind{
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
	{"selects", func(n int) string {
		return wrap("func F(stop chan struct{}, work chan int) {", n, `
	done%[1]d := make(chan int)
	go func() {
		for {
			select {
			case v := <-work:
				done%[1]d <- v
			case <-stop:
				return
			}
		}
	}()
	<-done%[1]d
`, "}")
	}},
	{"cases", func(n int) string {
		return wrap("func F(cs []chan int, stop chan struct{}) {\n\tgo func() {\n\t\tfor {\n\t\t\tselect {\n\t\t\tcase <-stop:\n\t\t\t\treturn", n, `
			case cs[%[1]d] <- %[1]d:`, "\n\t\t\t}\n\t\t}\n\t}()\n}")
	}},
	{"locks", func(n int) string {
		return "import \"sync\"\n" + wrap("func F(ch chan int, mu *sync.Mutex) {\n\tgo func() {", n, `
		mu.Lock()
		<-ch
		mu.Unlock()`, "\n\t}()\n}")
	}},
	{"example", func(n int) string {
		return "import \"context\"\n" + repeat(n, `
func Fetch%[1]d(ctx context.Context, get func() int) (int, error) {
	result := make(chan int)
	go func() {
		result <- get()
	}()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
`)
	}},
	{"circles", func(n int) string {
		return repeat(n, `
func f%[1]d(c chan int, stop chan struct{}, n int) {
	select {
	case <-c:
	case <-stop:
		return
	}
	if n > 1 {
		f%[2]d(c, stop, n-1)
		go f%[3]d(c, stop, n-2)
	}
}
`, 1, 7)
	}},
	{"pairs", func(n int) string {
		return wrap("func F() {\n\tc := make(chan int)\n\tgo func() {", n, "\n\t\tc <- %[1]d", "\n\t}()") + repeat(n, "\n\t<-c") + "\n}\n"
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
	{"chain", func(n int) string {
		return "func F(c, stop chan int) { go f0(c, stop) }\n" + repeat(n, `
func f%[1]d(c, stop chan int) {
	select {
	case c <- %[1]d:
	case <-stop:
		return
	}
	f%[2]d(c, stop)
}
`, 1)
	}},
	{"callers", func(n int) string {
		return "type T struct{ c, stop chan int }\n\nfunc (t *T) get() int {\n\tselect {\n\tcase v := <-t.c:\n\t\treturn v\n\tcase <-t.stop:\n\t\treturn 0\n\t}\n}\n" + repeat(n, `
func (t *T) G%[1]d() int {
	go func() {
		t.c <- t.get()
	}()
	return t.get() + %[1]d
}
`)
	}},
	{"sites", func(n int) string {
		return "var c = make(chan int)\n" + repeat(n, `
func F%[1]d() {
	go func() {
		for v := range c {
			println(v)
		}
	}()
	c <- %[1]d
}
`)
	}},
	{"rounds", func(n int) string {
		return wrap("func F(a chan int, stop chan struct{}) {\n\tgo func() {\n\t\tfor {", n, `
			select {
			case a <- %[1]d:
			case <-stop:
				return
			}`, "\n\t\t}\n\t}()\n}")
	}},
	{"switch", func(n int) string {
		return wrap("func F(in, out chan int) {\n\tgo func() {\n\t\tfor v := range in {\n\t\t\tswitch v {", n, `
			case %[1]d:
				out <- %[1]d`, "\n\t\t\t}\n\t\t}\n\t}()\n}\n\nfunc G(in chan int) { close(in) }")
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
	{"cancels", func(n int) string {
		return "import \"context\"\n" + wrap("func F(ctx context.Context, work func(context.Context)) {", n, `
	ctx%[1]d, cancel%[1]d := context.WithCancel(ctx)
	defer cancel%[1]d()
	go func() {
		<-ctx%[1]d.Done()
		work(ctx%[1]d)
	}()
`, "}")
	}},
	{"loops", func(n int) string {
		return "import \"time\"\n" + repeat(n, `
func Poll%[1]d(try func() error, stop chan struct{}) {
	go func() {
		for {
			if try() == nil {
				return
			}
			time.Sleep(time.Second)
		}
	}()
	close(stop)
}
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
	{"groups", func(n int) string {
		return "import \"sync\"\n" + wrap("func F(cs []chan int) {\n\tvar wg sync.WaitGroup", n, `
	wg.Add(1)
	go func() {
		defer wg.Done()
		cs[%[1]d] <- %[1]d
	}()
`, "\twg.Wait()\n}")
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
	{"comments", func(n int) string {
		return "import \"context\"\n" + repeat(n, `
// F%[1]d starts the work.
func F%[1]d(ctx context.Context, work func(context.Context)) {
	// It goes on for a while.
	go func() {
		for {
			// a round
			work(context.Background())
		}
	}()
	<-ctx.Done()
}
`)
	}},
	{"directives", func(n int) string {
		return repeat(n, `
func F%[1]d(work func()) {
	go func() {
		//killcheck:ignore endless -- it is meant to
		for {
			work()
		}
	}()
}
`)
	}},
	{"fans", func(n int) string {
		return repeat(n, `
func F%[1]d(list []int, get func(int) (int, error)) (int, error) {
	results, errs := make(chan int), make(chan error)
	for _, x := range list {
		go func() {
			v, err := get(x)
			if err != nil {
				errs <- err
				return
			}
			results <- v
		}()
	}
	select {
	case v := <-results:
		return v, nil
	case err := <-errs:
		return 0, err
	}
}
`)
	}},
	{"branches", func(n int) string {
		return wrap("func F(c, stop chan int, set []bool) {\n\tgo func() {", n, `
		if set[%[1]d] {
			select {
			case c <- %[1]d:
			case <-stop:
				return
			}
		}`, "\n\t}()\n}")
	}},
	{"longloops", func(n int) string {
		return wrap("func F(c, stop chan int, n int) {\n\tgo func() {", n, `
		for i := range n {
			if i == %[1]d {
				c <- i
			}
		}`, "\n\t\tclose(stop)\n\t}()\n\t<-stop\n}")
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

// repeat writes the format n times with the numbers 0 to n-1, and, for each of
// the shifts, the number so much further round the circle.
func repeat(n int, format string, shifts ...int) string {
	var b strings.Builder
	for i := range n {
		args := []any{i}
		for _, s := range shifts {
			args = append(args, (i+s)%n)
		}
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, args...)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

// wrap writes repetitions between the lines of a function.
func wrap(before string, n int, format, after string) string {
	return before + repeat(n, format) + after + "\n"
}
