package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// readTable reads a file of tab-separated rows, each with the given number of
// columns. Empty lines and lines that begin with # are left out.
func readTable(file string, columns int) ([][]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			return nil, fmt.Errorf("%s:%d: %d columns, want %d", file, i+1, len(row), columns)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// complete says what is wrong if the folders in dir, but for the skipped one,
// are not those that the first column of the rows names.
func complete(dir, skip string, rows [][]string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var folders, names []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != skip {
			folders = append(folders, e.Name())
		}
	}
	for _, row := range rows {
		names = append(names, row[0])
	}
	slices.Sort(names)
	if !slices.Equal(folders, names) {
		return fmt.Errorf("%s: the table and the folders differ:\ntable %v\nfolders %v", dir, names, folders)
	}
	return nil
}

// numbers parses a comma-separated list of line numbers.
func numbers(list string) ([]int, error) {
	var all []int
	for _, s := range strings.Split(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// listed returns the distinct checks of the findings, or - if there are none.
func listed(all []finding) string {
	var checks []string
	for _, f := range all {
		checks = append(checks, f.Check)
	}
	if len(checks) == 0 {
		return "-"
	}
	slices.Sort(checks)
	return strings.Join(slices.Compact(checks), " ")
}

// reports says whether a check of the comma-separated list is among the
// findings.
func reports(all []finding, list string) bool {
	return slices.ContainsFunc(all, func(f finding) bool {
		return slices.Contains(strings.Split(list, ","), f.Check)
	})
}

// A table prints rows in aligned columns.
type table struct{ w *tabwriter.Writer }

func newTable(head ...string) *table {
	t := &table{tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	t.row(head...)
	return t
}

func (t *table) row(cells ...string) { fmt.Fprintln(t.w, strings.Join(cells, "\t")) }

func (t *table) flush() { t.w.Flush() }

func mark(yes bool) string {
	if yes {
		return "yes"
	}
	return "-"
}
