package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A Command describes a subcommand. The one without a name is the program itself.
type Command struct {
	Name     string
	Args     []string // what follows the name, one entry for each way of use
	Summary  string   // one line, no capital, no full stop
	Text     string   // what else there is to say, in lines of at most 100 characters
	Examples []Example
	Words    []string                   // that the first argument is one of
	Flags    func() *flag.FlagSet       // nil if it has none
	Values   func(flag string) []string // that a flag takes; nil if none has a list of them
}

// An Example is a command line that can be run as it stands.
type Example struct{ Line, What string }

// flags returns the flags of the command, if it has any.
func (c *Command) flags() []*flag.Flag {
	if c.Flags == nil {
		return nil
	}
	var all []*flag.Flag
	c.Flags().VisitAll(func(f *flag.Flag) { all = append(all, f) })
	return all
}

// line returns the command line of a way of use.
func line(program, name, args string) string {
	return strings.Join(strings.Fields(program+" "+name+" "+args), " ")
}

// Help prints the page of a command.
func Help(w io.Writer, program string, c *Command) {
	if c.Name != "" {
		fmt.Fprintf(w, "%s %s: %s.\n\n", program, c.Name, c.Summary)
	} else {
		fmt.Fprintf(w, "%s: %s.\n\n", program, c.Summary)
	}
	fmt.Fprintln(w, "Usage:")
	for _, args := range c.Args {
		fmt.Fprintf(w, "\t%s\n", line(program, c.Name, args))
	}
	if c.Text != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.Text))
	}
	if len(c.Examples) > 0 {
		fmt.Fprintln(w, "\nExamples:")
		for _, e := range c.Examples {
			fmt.Fprintf(w, "\t%s\n\t\t%s\n", e.Line, e.What)
		}
	}
	if len(c.flags()) > 0 {
		fmt.Fprintln(w, "\nFlags, which may also stand behind the other arguments:")
		fs := c.Flags()
		fs.SetOutput(w)
		fs.PrintDefaults()
	}
}

// List prints the commands with their summaries.
func List(w io.Writer, commands []*Command) {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, c := range commands {
		if c.Name != "" {
			fmt.Fprintf(tw, "\t%s\t%s\n", c.Name, c.Summary)
		}
	}
	tw.Flush() // the writer behind it keeps the error
}

// Names returns the names of the commands.
func Names(commands []*Command) []string {
	var names []string
	for _, c := range commands {
		if c.Name != "" {
			names = append(names, c.Name)
		}
	}
	return names
}
