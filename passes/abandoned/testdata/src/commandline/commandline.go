// Package commandline holds commands of a command line: the process ends soon after one
// has returned.
package commandline

import "github.com/urfave/cli"

var Commands = []cli.Command{{Action: share}}

func share(c *cli.Context) error {
	for _, arg := range c.Args {
		if err := listBad(c, arg); err != nil {
			return err
		}
	}
	return nil
}

func listBad(c *cli.Context, arg string) error {
	objects := make(chan string)
	go func() {
		defer close(objects)
		for _, r := range arg {
			objects <- string(r) // want "can return with sends on objects still to come"
		}
	}()
	for o := range objects {
		if o == "" {
			return nil
		}
	}
	return nil
}
