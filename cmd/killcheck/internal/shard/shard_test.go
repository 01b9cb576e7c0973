package shard

import (
	"fmt"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Shard{"1/1": {1, 1}, "2/4": {2, 4}, "04/4": {4, 4}} {
		if got, err := Parse(text); err != nil || got != want || got.Whole() {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":       `"" is no shard: want i/n, such as 2/4`,
		"2":      `"2" is no shard: want i/n, such as 2/4`,
		"a/4":    `"a/4" is no shard: want i/n, such as 2/4`,
		"+1/4":   `"+1/4" is no shard: want i/n, such as 2/4`,
		"-1/4":   `"-1/4" is no shard: want i/n, such as 2/4`,
		"1/4/5":  `"1/4/5" is no shard: want i/n, such as 2/4`,
		"1/":     `"1/" is no shard: want i/n, such as 2/4`,
		" 1/4":   `" 1/4" is no shard: want i/n, such as 2/4`,
		"1/9e99": `"1/9e99" is no shard: want i/n, such as 2/4`,
		"0/4":    "0/4: shards count from 1",
		"5/4":    "5/4: there are only 4 shards",
		"1/0":    "there has to be at least one shard",
	} {
		if got, err := Parse(text); err == nil || err.Error() != want || !got.Whole() {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// TestHolds: each package belongs to one shard, and the shards are of like size.
func TestHolds(t *testing.T) {
	const packages, of = 4000, 8
	count := make([]int, of+1)
	for i := range packages {
		path := fmt.Sprintf("example.com/m/p%d", i)
		if !(Shard{}).Holds(path) {
			t.Fatalf("the whole run lacks %s", path)
		}
		holders := 0
		for k := 1; k <= of; k++ {
			if (Shard{k, of}).Holds(path) {
				holders++
				count[k]++
			}
		}
		if holders != 1 {
			t.Fatalf("%s is in %d shards", path, holders)
		}
	}
	for k := 1; k <= of; k++ {
		if mean := packages / of; count[k] < mean*8/10 || count[k] > mean*12/10 {
			t.Errorf("shard %d has %d packages, and the mean is %d", k, count[k], mean)
		}
	}
}

// TestStable keeps where packages belong: shards of two versions of killcheck are those
// of one run.
func TestStable(t *testing.T) {
	for path, want := range map[string]int{"example.com/m": 2, "example.com/m/a": 3, "net/http": 3} {
		if !(Shard{want, 4}).Holds(path) {
			t.Errorf("%s is not in shard %d of 4", path, want)
		}
	}
}

func TestName(t *testing.T) {
	m := Mark{2, 4, "0123abcd"}
	if got, err := ReadName(m.Name()); err != nil || got != m || m.Name() != "killcheck shard 2/4 0123abcd" {
		t.Errorf("%q: %v, %v", m.Name(), got, err)
	}
	for _, name := range []string{"", "tests", "killcheck shard", "killcheck shard 2/4", "killcheck shard 5/4 a", "killcheck shard 2/4 a b", "killcheck shard 2/4 "} {
		if got, err := ReadName(name); err == nil {
			t.Errorf("%q: %v", name, got)
		}
	}
}
