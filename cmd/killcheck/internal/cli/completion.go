package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// Shells are those that [Complete] knows.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// Complete writes the script that completes the command lines of a program in a
// shell; false if the shell is unknown. The words in it are those of the program:
// nothing of others gets into a script.
func Complete(w io.Writer, shell, program string, commands []*Command) bool {
	switch shell {
	case "bash":
		bash(w, program, commands)
	case "zsh":
		zsh(w, program, commands)
	case "fish":
		fish(w, program, commands)
	default:
		return false
	}
	return true
}

func isBool(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// values returns what a flag of a command can be set to, if that is a list.
func (c *Command) values(f *flag.Flag) []string {
	if c.Values == nil {
		return nil
	}
	return c.Values(f.Name)
}

// bash writes for each command its words and flags. Bash cuts words at "=", so that
// a flag and its value are three of them.
func bash(w io.Writer, program string, commands []*Command) {
	fmt.Fprintf(w, "# bash completion for %[1]s: source <(%[1]s completion bash)\n_%[1]s() {\n", program)
	fmt.Fprint(w, `	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= flag= first=1
	((COMP_CWORD == 1)) || case ${COMP_WORDS[1]} in
`)
	fmt.Fprintf(w, "\t%s) command=${COMP_WORDS[1]} first=2 ;;\n", strings.Join(Names(commands), "|"))
	fmt.Fprint(w, `	esac
	if [[ $prev == "=" ]]; then flag=${COMP_WORDS[COMP_CWORD-2]}; elif [[ $cur == "=" ]]; then flag=$prev cur=; elif [[ $prev == -* ]]; then flag=$prev; fi
	local words= flags= values=
	case $command in
`)
	for _, c := range commands {
		name := c.Name
		if name == "" {
			name = `""`
		}
		words := c.Words
		if c.Name == "" {
			words = Names(commands)
		}
		var names []string
		for _, f := range c.flags() {
			names = append(names, "-"+f.Name)
		}
		fmt.Fprintf(w, "\t%s)\n\t\twords=%q flags=%q\n\t\tcase $flag in\n", name, strings.Join(words, " "), strings.Join(names, " "))
		for _, f := range c.flags() {
			switch values := c.values(f); {
			case isBool(f) && len(values) == 0:
			case len(values) > 0:
				fmt.Fprintf(w, "\t\t-%s) values=%q ;;\n", f.Name, strings.Join(values, " "))
			default:
				fmt.Fprintf(w, "\t\t-%s) values=/ ;;\n", f.Name)
			}
		}
		fmt.Fprint(w, "\t\tesac ;;\n")
	}
	fmt.Fprintf(w, `	esac
	case $values in
	"") ;;
	/) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	*)
		local list=
		[[ $cur == *,* ]] && list=${cur%%,*},
		COMPREPLY=($(compgen -P "$list" -W "$values" -- "${cur##*,}"))
		return ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$flags" -- "$cur"))
		return
	fi
	((COMP_CWORD == first)) || words=
	COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur"))
}
complete -o nosort -o filenames -F _%[1]s %[1]s
`, program)
}

// quoted returns a text in single quotes, for zsh and fish.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func zsh(w io.Writer, program string, commands []*Command) {
	fmt.Fprintf(w, "#compdef %[1]s\n# zsh completion for %[1]s: source <(%[1]s completion zsh)\n_%[1]s() {\n\tlocal -a commands=(\n", program)
	for _, c := range commands {
		if c.Name != "" {
			fmt.Fprintf(w, "\t\t%s\n", quoted(c.Name+":"+c.Summary))
		}
	}
	fmt.Fprint(w, "\t)\n\tlocal command=\n\t((CURRENT > 2)) && command=$words[2]\n\tcase $command in\n")
	spec := strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`)
	for _, c := range commands {
		if c.Name == "" {
			continue
		}
		zshFlags(w, spec, c, c.Name, c.Words)
	}
	for _, c := range commands {
		if c.Name == "" {
			zshFlags(w, spec, c, "*", nil)
		}
	}
	fmt.Fprintf(w, "\tesac\n}\nif [[ $zsh_eval_context[-1] == loadautofunc ]]; then _%[1]s \"$@\"; else compdef _%[1]s %[1]s; fi\n", program)
}

func zshFlags(w io.Writer, spec *strings.Replacer, c *Command, pattern string, words []string) {
	fmt.Fprintf(w, "\t%s)\n\t\t((CURRENT > 2)) || _describe command commands\n\t\t_arguments", pattern)
	for _, f := range c.flags() {
		_, usage := flag.UnquoteUsage(f)
		entry := "-" + f.Name
		if !isBool(f) {
			entry += "="
		}
		entry += "[" + spec.Replace(usage) + "]"
		switch values := c.values(f); {
		case isBool(f):
		case len(values) > 0:
			entry += ":" + f.Name + ":_values -s , " + f.Name + " " + strings.Join(values, " ")
		default:
			entry += ":" + f.Name + ":_files"
		}
		fmt.Fprintf(w, " \\\n\t\t\t%s", quoted(entry))
	}
	if c.Name != "" {
		first := "_files"
		if len(words) > 0 {
			first = "(" + strings.Join(words, " ") + ")"
		}
		fmt.Fprintf(w, " \\\n\t\t\t%s", quoted("1:command:"))
		fmt.Fprintf(w, " \\\n\t\t\t%s", quoted("2:argument:"+first))
	}
	fmt.Fprintf(w, " \\\n\t\t\t%s ;;\n", quoted("*:package:_files"))
}

func fish(w io.Writer, program string, commands []*Command) {
	fmt.Fprintf(w, "# fish completion for %[1]s: %[1]s completion fish | source\n", program)
	none := quoted("not __fish_seen_subcommand_from " + strings.Join(Names(commands), " "))
	for _, c := range commands {
		condition := quoted("__fish_seen_subcommand_from " + c.Name)
		if c.Name == "" {
			condition = none
		} else {
			fmt.Fprintf(w, "complete -c %s -n %s -a %s -d %s\n", program, quoted("__fish_is_first_token"), c.Name, quoted(c.Summary))
			if len(c.Words) > 0 {
				fmt.Fprintf(w, "complete -c %s -n %s -a %s\n", program, condition, quoted(strings.Join(c.Words, " ")))
			}
		}
		for _, f := range c.flags() {
			_, usage := flag.UnquoteUsage(f)
			fmt.Fprintf(w, "complete -c %s -n %s -o %s -d %s", program, condition, f.Name, quoted(usage))
			switch values := c.values(f); {
			case isBool(f):
			case len(values) > 0:
				fmt.Fprintf(w, " -x -a %s", quoted(strings.Join(values, " ")))
			default:
				fmt.Fprint(w, " -r")
			}
			fmt.Fprintln(w)
		}
	}
}
