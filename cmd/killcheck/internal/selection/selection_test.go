package selection

import (
	"strings"
	"testing"
)

var checks = []Check{{"endless", true}, {"abandoned", true}, {"unjoined", false}}

// shown lists what a selection shows; an x stands for the extended tier.
func shown(s Selection) string {
	var all []string
	for _, c := range checks {
		if s.Shows(c.Name, false) {
			all = append(all, c.Name)
		}
		if s.Shows(c.Name, true) {
			all = append(all, c.Name+"/x")
		}
	}
	return strings.Join(all, " ")
}

func TestChoose(t *testing.T) {
	for _, test := range []struct{ list, base, want string }{
		{"core", "", "endless abandoned"},
		{"all", "", "endless endless/x abandoned abandoned/x unjoined/x"},
		{"extended", "", "endless/x abandoned/x unjoined/x"},
		{"core,unjoined", "", "endless abandoned unjoined/x"},
		{"-endless", "", "abandoned"},
		{"-endless", "all", "abandoned abandoned/x unjoined/x"},
		{"endless", "all", "endless"},
		{"all,-extended", "", "endless abandoned"},
		{"all, -abandoned", "", "endless endless/x unjoined/x"},
		{"-core", "all", "endless/x abandoned/x unjoined/x"},
	} {
		var base Selection
		if test.base != "" {
			base, _ = Choose(checks, []string{test.base}, nil)
		}
		got, err := Choose(checks, strings.Split(test.list, ","), base)
		if err != nil || shown(got) != test.want {
			t.Errorf("%s from %q: %s, %v; want %s", test.list, test.base, shown(got), err, test.want)
		}
		if got.LessCertain(checks) != strings.Contains(test.want, "endless/x") && got.LessCertain(checks) != strings.Contains(test.want, "abandoned/x") {
			t.Errorf("%s: less certain is %v", test.list, got.LessCertain(checks))
		}
	}
	if _, err := Choose(checks, []string{"core", "endles"}, nil); err == nil || err.Error() != `unknown check "endles"; did you mean "endless"?` {
		t.Errorf("error %v", err)
	}
}
