package config

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Resolve looks for the symbols of the rows, as the code in a directory sees them. The
// error lists the rows whose symbol is not there.
func (c *Config) Resolve(ctx context.Context, dir string) error {
	var paths []string
	for _, row := range c.Rows {
		if path := row.pkg(); path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	pkgs, err := packages.Load(&packages.Config{
		Context: ctx,
		Dir:     dir,
		Mode:    packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
	}, paths...)
	if err != nil {
		return err
	}
	found := make(map[string]*packages.Package)
	for _, p := range pkgs {
		found[p.PkgPath] = p
	}
	var errs []error
	for _, row := range c.Rows {
		path := row.pkg()
		if path == "" {
			continue
		}
		p := found[path]
		switch {
		case p == nil || p.Types == nil || len(p.Types.Scope().Names()) == 0:
			errs = append(errs, fmt.Errorf("%s: there is no package %s for %s", row.At, path, row.Symbol))
		case !row.names(p.Types):
			errs = append(errs, fmt.Errorf("%s: package %s has no %s", row.At, path, strings.TrimPrefix(plain(row.Symbol), path+".")))
		}
	}
	return errors.Join(errs...)
}

// plain turns (*net/http.Server).Serve into net/http.Server.Serve.
func plain(symbol string) string {
	return strings.NewReplacer("(", "", "*", "", ")", "").Replace(symbol)
}

// pkg returns the package of the symbol of a row; "" if the row names none, as those
// of words and of native code.
func (r Row) pkg() string {
	keyword, _, _ := strings.Cut(r.Text, " ")
	if !slices.Contains([]string{"func", "field", "var"}, keyword) {
		return ""
	}
	s := plain(r.Symbol)
	if inner, _, ok := strings.Cut(strings.TrimPrefix(r.Symbol, "("), ")."); ok { // the last dot is that of the type
		inner = strings.TrimPrefix(inner, "*")
		return inner[:max(strings.LastIndexByte(inner, '.'), 0)]
	}
	dots := 1
	if keyword == "field" {
		dots = 2
	}
	for range dots {
		s = s[:max(strings.LastIndexByte(s, '.'), 0)]
	}
	return s
}

// names reports whether a package has the symbol of a row.
func (r Row) names(pkg *types.Package) bool {
	parts := strings.Split(strings.TrimPrefix(plain(r.Symbol), pkg.Path()+"."), ".")
	obj := pkg.Scope().Lookup(parts[0])
	if len(parts) == 1 || obj == nil {
		return obj != nil
	}
	member, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), true, pkg, parts[1])
	if member == nil {
		member, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, parts[1])
	}
	return member != nil
}
