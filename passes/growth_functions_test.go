package passes_test

// functionKinds are ways in which functions grow: in number, in length, in calls.
var functionKinds = []kind{
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
	{"groups", func(n int) string {
		return "import \"sync\"\n" + wrap("func F(cs []chan int) {\n\tvar wg sync.WaitGroup", n, `
	wg.Add(1)
	go func() {
		defer wg.Done()
		cs[%[1]d] <- %[1]d
	}()
`, "\twg.Wait()\n}")
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
}
