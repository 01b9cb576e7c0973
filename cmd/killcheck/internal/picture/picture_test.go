package picture

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestSVG(t *testing.T) {
	svg := string(SVG("tool a<b", "\x1b[1;31mbad\x1b[0m: \x1b[1mit's & more\x1b[0m\n 4 |\x1b[34m ^^\x1b[0m 3m\n"))
	for _, want := range []string{
		`<tspan>$ tool a&lt;b</tspan>`, `<tspan class="r">bad</tspan><tspan>: </tspan><tspan class="b">it&#39;s &amp; more</tspan>`,
		`<tspan> 4 |</tspan><tspan class="u"> ^^</tspan><tspan> 3m</tspan>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
	if strings.Contains(svg, "\x1b") {
		t.Error("an escape is left")
	}
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
