package kb

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestMustHave lists for each effect a symbol that the engine cannot do without.
func TestMustHave(t *testing.T) {
	b, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	for symbol, want := range map[string]string{
		"time.Sleep":                                  "bounded sleep time:arg0",
		"(*sync.WaitGroup).Wait":                      "blocks wait done:recv",
		"(*sync.WaitGroup).Done":                      "raises wait -",
		"(*sync.WaitGroup).Go":                        "spawns spawn - arg=0 join",
		"time.AfterFunc":                              "spawns spawn - arg=1 once",
		"context.AfterFunc":                           "spawns spawn - arg=1 once",
		"(*sync.Once).Do":                             "callback wait peer arg=0 once",
		"(context.Context).Done":                      "stop-signal ctx ctx:recv",
		"(context.Context).Err":                       "flag-load ctx -",
		"context.Background":                          "derives ctx - parent=none",
		"context.WithCancel":                          "derives ctx - parent=arg0 cancel=1",
		"context.WithTimeout":                         "derives ctx - parent=arg0 cancel=1 timed",
		"os.Exit":                                     "noreturn exit -",
		"(*sync.Mutex).Lock":                          "lock lock release:recv",
		"(*sync.RWMutex).RUnlock":                     "runlock lock - raises=release:recv",
		"(net.Conn).Read":                             "blocks net-io close:recv,deadline:recv",
		"(net.Listener).Accept":                       "blocks net-accept close:recv,deadline:recv",
		"(io.Closer).Close":                           "raises stream - raises=close:recv",
		"io.Copy":                                     "passes stream underlying:arg0,underlying:arg1",
		"(*net/http.Client).Do":                       "blocks http-client ctx:in-arg0,timeout:recv",
		"(*os/exec.Cmd).Wait":                         "blocks proc kill:recv,ctx:recv",
		"(*database/sql.DB).Query":                    "blocks sql never",
		"syscall.Tgkill":                              "kill-thread thread -",
		"(*sync/atomic.Bool).Load":                    "flag-load flag -",
		"(*sync/atomic.Pointer).Store":                "flag-store flag -",
		"(*golang.org/x/sync/errgroup.Group).Go":      "spawns spawn release:recv arg=0 join",
		"golang.org/x/sync/errgroup.WithContext":      "derives ctx - parent=arg0 ctx=1",
		"(*github.com/sourcegraph/conc/pool.Pool).Go": "spawns spawn release:recv arg=0 join",
		"(*github.com/oklog/run.Group).Add":           "spawns spawn - arg=0 join",
		"(*gopkg.in/tomb.v2.Tomb).Go":                 "spawns spawn - arg=0 join",
		"k8s.io/apimachinery/pkg/util/wait.Until":     "blocks loop stop:arg2",
	} {
		e, ok := b.Lookup(symbol)
		if !ok || !strings.HasPrefix(e.String(), "func "+symbol+" "+want) {
			t.Errorf("got %s, want func %s %s", e, symbol, want)
		}
	}
	for _, name := range []string{"pthread_kill", "pthread_cancel", "TerminateThread", "SYS_TGKILL"} {
		if e, ok := b.Native(name); !ok || e.Effect != KillThread {
			t.Errorf("native %s: got %v, %v", name, e, ok)
		}
	}
}

func TestSymbol(t *testing.T) {
	b, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"time.Sleep": "time.Sleep", "Sleep": "time.Sleep",
		"net/http.Get": "net/http.Get", "http.Get": "net/http.Get",
		"WaitGroup.Wait": "(*sync.WaitGroup).Wait", "(*sync.WaitGroup).Wait": "(*sync.WaitGroup).Wait",
		"net.TCPConn.Read": "(*net.conn).Read", "errgroup.Group.Go": "(*golang.org/x/sync/errgroup.Group).Go",
		"os.Stdin": "os.Stdin", "time.Ticker.C": "time.Ticker.C",
	} {
		found := false
		for _, e := range b.Symbol(name) {
			found = found || e.Symbol == want
		}
		if !found {
			t.Errorf("%s: %s is not among %v", name, want, b.Symbol(name))
		}
	}
	for _, name := range []string{"", "leep", "time.sleep"} {
		if got := b.Symbol(name); len(got) != 0 {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func TestWords(t *testing.T) {
	b, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"done": true, "stopCh": true, "quitchan": true, "doneC": true, "closeNotify": true, "shouldStop": true, "stop_ch": true,
		"DONE": true, "shutdownSignal": true, "results": false, "doc": false, "errCh": false, "": false, "events": false,
	} {
		if got := b.StopWord(name); got != want {
			t.Errorf("StopWord(%q) = %v", name, got)
		}
	}
	for comment, want := range map[string]bool{
		"// loop runs forever.":                            true,
		"// a long-lived worker":                           true,
		"// It lives for the\n// lifetime of the process.": true,
		"// serve never returns.":                          true,
		"// Write never returns an error.":                 false,
		"// must not run forever":                          false,
		"// it doesn't run forever":                        false,
		"// copies values":                                 false,
	} {
		if got := b.LifetimePhrase(comment); got != want {
			t.Errorf("LifetimePhrase(%q) = %v", comment, got)
		}
	}
	for name, want := range map[string]bool{"Close": true, "stop": true, "Shutdown": true, "Open": false, "": false, "Closed": false} {
		if got := b.CloseMethod(name); got != want {
			t.Errorf("CloseMethod(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]bool{"Debugf": true, "logf": true, "Len": true, "Wait": false, "": false, "Logger": false} {
		if got := b.Brief(name); got != want {
			t.Errorf("Brief(%q) = %v", name, got)
		}
	}
}

func TestAsidePath(t *testing.T) {
	b, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"examples/chat": true, "internal/fake": true, "_examples": true, "e/testutil/x": true, "internal/testserver": true,
		"exampled": false, "server/testing": false, "": false,
	} {
		if got := b.AsidePath(path); got != want {
			t.Errorf("AsidePath(%q) = %v", path, got)
		}
	}
}

// TestSince checks since= and the version of use= against the api files of Go.
func TestSince(t *testing.T) {
	api := readAPI(t)
	for _, e := range stdEntries(t) {
		if e.Keyword != "func" {
			continue // the api files are searched for functions
		}
		symbol := e.Symbol
		if len(e.Through) > 0 { // the files name the exported type
			symbol = strings.Replace(symbol, "."+strings.Split(simple(symbol), ".")[1]+")", "."+e.Through[0]+")", 1)
		}
		check(t, e, "since", api, symbol, orZero(e.Since))
		if e.Use != "" && e.Use != UseSelect {
			check(t, e, "use", api, e.Use, e.UseSince)
		}
	}
}

func check(t *testing.T, e Entry, what string, api map[string]int, symbol, version string) {
	t.Helper()
	minor, ok := api[symbol]
	if !ok {
		t.Errorf("%s: %s: the api files do not have %s", e.Pos, what, symbol)
		return
	}
	if want := fmt.Sprintf("1.%d", minor); version != want {
		t.Errorf("%s: %s of %s: got %s, want %s", e.Pos, what, symbol, version, want)
	}
}

func orZero(version string) string {
	if version == "" {
		return "1.0"
	}
	return version
}

var (
	apiFunc   = regexp.MustCompile(`^pkg ([^ ,]+)(?: \([^)]*\))?, func (\w+)`)
	apiMethod = regexp.MustCompile(`^pkg ([^ ,]+)(?: \([^)]*\))?, method \((\*?)(\w+)(?:\[[^\]]*\])?\) (\w+)`)
	apiOne    = regexp.MustCompile(`^pkg ([^ ,]+)(?: \([^)]*\))?, type (\w+) interface, (\w+)\(`)
	apiAll    = regexp.MustCompile(`^pkg ([^ ,]+)(?: \([^)]*\))?, type (\w+) interface \{ (.*) \}`)
)

// readAPI gives the first Go version of each function and method.
func readAPI(t *testing.T) map[string]int {
	t.Helper()
	api := make(map[string]int)
	for minor := range 100 {
		name := "go1.txt"
		if minor > 0 {
			name = fmt.Sprintf("go1.%d.txt", minor)
		}
		f, err := os.Open(filepath.Join(runtime.GOROOT(), "api", name))
		if err != nil {
			if minor == 0 {
				t.Skip("this Go comes without its api files")
			}
			return api
		}
		add := func(symbol string) {
			if _, ok := api[symbol]; !ok {
				api[symbol] = minor
			}
		}
		for sc := bufio.NewScanner(f); sc.Scan(); {
			if m := apiFunc.FindStringSubmatch(sc.Text()); m != nil {
				add(m[1] + "." + m[2])
			} else if m := apiMethod.FindStringSubmatch(sc.Text()); m != nil {
				add("(" + m[2] + m[1] + "." + m[3] + ")." + m[4])
			} else if m := apiOne.FindStringSubmatch(sc.Text()); m != nil {
				add("(" + m[1] + "." + m[2] + ")." + m[3])
			} else if m := apiAll.FindStringSubmatch(sc.Text()); m != nil {
				for method := range strings.SplitSeq(m[3], ", ") {
					add("(" + m[1] + "." + m[2] + ")." + strings.SplitN(method, "(", 2)[0])
				}
			}
		}
		f.Close()
	}
	return api
}
