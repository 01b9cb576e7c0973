package kb

import (
	"strings"
	"testing"
)

func TestParseErrors(t *testing.T) {
	tests := []struct{ row, want string }{
		{`fnc a.B blocks chan never`, `unknown keyword "fnc"`},
		{`func a.B blocks chan`, `needs a symbol, an effect, a kind and wakes`},
		{`func a.B[T] blocks chan never`, `bad symbol "a.B[T]"`},
		{`func (*a.B.C blocks chan never`, `bad symbol`},
		{`func B blocks chan never`, `bad symbol "B"`},
		{`field a.B channel chan never`, `bad symbol "a.B"`},
		{`var B instant chan -`, `bad symbol "B"`},
		{`native f() kill-thread thread -`, `bad symbol "f()"`},
		{`func a.B sleeps chan never`, `unknown effect "sleeps"`},
		{`func a.B blocks chanel never`, `unknown kind "chanel"`},
		{`func a.B blocks chan magic`, `unknown wake "magic"`},
		{`func a.B blocks chan ctx`, `wake "ctx" does not fit its place`},
		{`func a.B blocks chan ctx:argx`, `bad number "x"`},
		{`func a.B blocks chan ctx:arg01`, `bad number "01"`},
		{`func a.B blocks chan ctx:there`, `unknown place "there"`},
		{`func a.B blocks chan peer,peer`, `wake "peer" twice`},
		{`func a.B blocks chan never,peer`, `never stands with other wakes`},
		{`func a.B blocks chan -`, `effect blocks needs wakes`},
		{`func a.B instant chan - color=red`, `unknown attribute "color"`},
		{`func a.B instant chan - since`, `attribute "since" needs a value`},
		{`func a.B spawns spawn - arg=0 join=1`, `attribute "join" takes no value`},
		{`func a.B instant chan - since=1.1 since=1.2`, `attribute "since" twice`},
		{`func a.B instant chan - since=1.01`, `bad Go version "1.01"`},
		{`func a.B instant chan - since=go1.2`, `bad Go version "go1.2"`},
		{`func a.B instant chan - since=2.0`, `bad Go version "2.0"`},
		{`func a.B instant chan - use=a.C@1`, `bad Go version "1"`},
		{`func a.B instant chan - use=C`, `bad symbol "C"`},
		{`func a.B instant chan - use=a.C how=magic`, `unknown how "magic"`},
		{`func a.B instant chan - how=prepend`, `how needs use`},
		{`func a.B instant chan - handle=socket`, `unknown handle "socket"`},
		{`func a.B instant chan - through=x.Y`, `bad type name "x.Y"`},
		{`func a.B instant chan - except=x.Y`, `bad type name "x.Y"`},
		{`func a.B instant chan - through=X except=Y`, `except names "Y", which through does not`},
		{`func a.B instant chan - fix=now`, `fix needs a text in quotes`},
		{`func a.B instant chan - fix="now`, `no closing quote`},
		{`func a.B instant chan - fix="now"since=1.1`, `no blank after the closing quote`},
		{`func a.B instant chan - fixsince=1.1`, `fixsince needs a fix`},
		{`func a.B instant chan - --`, `empty note`},
		{`func a.B spawns spawn -`, `effect spawns needs arg=N`},
		{`func a.B instant chan - arg=0`, `arg=N needs the effect spawns or callback`},
		{`func a.B callback func - arg=0 join`, `join needs the effect spawns`},
		{`func a.B derives ctx -`, `effect derives needs parent=PLACE`},
		{`func a.B instant ctx - cancel=1`, `need the effect derives`},
		{`func a.B raises chan -`, `effect raises needs raises=WAKES`},
		{`word`, `word row without a word`},
		{`word Stop`, `bad word "Stop"`},
		{`phrase runs`, `phrase needs one text in quotes`},
		{`phrase "Runs  forever"`, `must be lower case words`},
	}
	for _, tt := range tests {
		_, err := parse("user.kb", "# comment\n\n"+tt.row+"\n")
		if err == nil || !strings.HasPrefix(err.Error(), "user.kb:3: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want user.kb:3: ... %s", tt.row, err, tt.want)
		}
	}
}

func TestLoad(t *testing.T) {
	row := "func time.Sleep blocks sleep never\nfunc my/lib.Wait blocks wait close:arg0\n"
	b, err := Load(Source{"user.kb", row})
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := b.Lookup("time.Sleep"); !ok || e.Pos != "user.kb:1" || e.Effect != Blocks {
		t.Errorf("time.Sleep: the user's row does not replace the built-in one: %v", e)
	}
	if _, ok := b.Lookup("my/lib.Wait"); !ok {
		t.Error("my/lib.Wait: not found")
	}
	std, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := std.Lookup("time.Sleep"); e.Effect != Bounded {
		t.Error("a user's row changed the built-in base")
	}
	_, err = Load(Source{"a.kb", "func a.B instant chan -\n"}, Source{"b.kb", "\nfunc a.B blocks chan never\n"})
	if want := "b.kb:2: func a.B is already at a.kb:1"; err == nil || err.Error() != want {
		t.Errorf("duplicate: got %v, want %s", err, want)
	}
}

// FuzzParse checks that what parses prints as a row that parses to the same.
func FuzzParse(f *testing.F) {
	sources, err := builtinSources()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range sources {
		for line := range strings.Lines(s.Text) {
			if strings.Contains(line, "fix=") || strings.Contains(line, "cancel=") {
				f.Add(line)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, _ := parse("a.kb", text) // the rows beside a wrong one must hold as well
		for _, e := range first.entries {
			again, err := parse("a.kb", e.String())
			if err != nil || len(again.entries) != 1 {
				t.Fatalf("%q printed as %q: %v", text, e.String(), err)
			}
			if got := again.entries[0].String(); got != e.String() {
				t.Fatalf("%q printed as %q, then as %q", text, e.String(), got)
			}
		}
	})
}
