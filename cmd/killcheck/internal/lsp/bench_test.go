package lsp

import (
	"encoding/json"
	"fmt"
	"go/build"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// BenchmarkHover compares hovers that come straight from a server with those
// that pass through the proxy. Both are asked in turn, so that the load of the
// machine hits both. Beside gopls it asks a server that answers at once: gopls
// takes so much longer, at some times than at others, that the proxy can hardly
// be seen.
func BenchmarkHover(b *testing.B) {
	b.Run("gopls", func(b *testing.B) { hovers(b, "", needGopls(b), "Printf") })
	b.Run("atonce", func(b *testing.B) { hovers(b, "gopls", os.Args[0], "theirs") })
}

func hovers(b *testing.B, as, gopls, want string) {
	dir := write(b, realModule)
	a := filepath.Join(dir, "a.go")
	var editors []*editor
	for _, as := range []string{as, "proxy"} {
		e, _ := startProcess(b, as, gopls)
		defer e.in.Close()
		e.start(dir, false)
		e.open(a, 1)
		if as == "proxy" {
			e.await("finding", 0, func(m message) bool { return strings.Contains(string(m.Params), `"toy"`) })
		}
		editors = append(editors, e)
	}
	times := make([][]float64, 2)
	params := map[string]any{"textDocument": map[string]any{"uri": uriOf(a)}, "position": Position{8, 17}}
	for b.Loop() {
		for i, e := range editors {
			began := time.Now()
			m, _ := e.answer(e.request("textDocument/hover", params))
			times[i] = append(times[i], float64(time.Since(began).Microseconds())/1000)
			if !json.Valid(m.Result) || !strings.Contains(string(m.Result), want) {
				b.Fatalf("hover: %s", m.Result)
			}
		}
	}
	// What a pair of hovers differs by says more than the difference of the
	// medians.
	added := make([]float64, len(times[0]))
	for i := range added {
		added[i] = times[1][i] - times[0][i]
	}
	b.ReportMetric(median(times[0]), "direct-ms")
	b.ReportMetric(median(times[1]), "proxy-ms")
	b.ReportMetric(median(added), "added-ms")
}

func median(list []float64) float64 {
	sort.Float64s(list)
	return list[len(list)/2]
}

// BenchmarkSave measures the time from saving a file to the finding, with
// killcheck itself. KILLCHECK_BENCH_PACKAGE names the directory of a package, to
// which a file is added while the benchmark runs, instead of a small one.
//
//	KILLCHECK_BENCH_PACKAGE=/src/nats-server/logger go test -run - -bench Save -benchtime 10x .
func BenchmarkSave(b *testing.B) {
	dir := os.Getenv("KILLCHECK_BENCH_PACKAGE")
	if dir == "" {
		dir = write(b, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25\n", "a.go": "package m\n"})
	}
	pkg, err := build.ImportDir(dir, 0)
	if err != nil {
		b.Fatal(err)
	}
	binary := os.Getenv("KILLCHECK_BENCH_BINARY")
	if binary == "" {
		binary = filepath.Join(b.TempDir(), "killcheck")
		if out, err := exec.Command("go", "build", "-o", binary, "../..").CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	file := filepath.Join(dir, "zz_killcheck_bench.go")
	defer os.Remove(file)
	const (
		once = "time.Sleep(time.Second)"
		leak = "for {\n\t\t\ttime.Sleep(time.Second)\n\t\t}"
	)
	n := 0
	// text gives a new text each time, or the build cache would answer.
	text := func(loop string) string {
		n++
		return fmt.Sprintf("package %s\n\nimport \"time\"\n\n// KillcheckBench %d %d\nfunc KillcheckBench() {\n\tgo func() {\n\t\t%s\n\t}()\n}\n",
			pkg.Name, n, time.Now().UnixNano(), loop)
	}
	put := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	put(text(once))
	e := startCommand(b, exec.Command(binary, "lsp"))
	defer e.in.Close()
	e.start(dir, false)
	e.open(file, 1)
	version, from := 1, 0
	step := func(loop string, found bool) time.Duration {
		version++
		s := text(loop)
		put(s)
		from = e.mark()
		began := time.Now()
		e.change(file, version, contentChange{Text: s})
		e.save(file)
		_, from = e.await("finding", from, func(m message) bool {
			return m.Method == "textDocument/publishDiagnostics" && strings.Contains(string(m.Params), "zz_killcheck_bench.go") &&
				strings.Contains(string(m.Params), `"killcheck"`) == found
		})
		return time.Since(began)
	}
	step(leak, true) // the first fills the build cache
	var times []float64
	for b.Loop() {
		step(once, false)
		times = append(times, step(leak, true).Seconds())
	}
	sort.Float64s(times)
	b.ReportMetric(times[len(times)/2], "median-s")
	b.ReportMetric(times[len(times)-1], "max-s")
	if testing.Verbose() {
		b.Logf("log of the server:\n%s", e.log)
	}
}
