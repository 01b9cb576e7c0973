package turns

import (
	"time"

	"github.com/urfave/cli"
)

var Follow = cli.Command{Action: follow}

// It goes on and on, so what is left there adds up.
func follow(c *cli.Context) error {
	for {
		listBad(c, c.Args[0])
		time.Sleep(time.Second)
	}
}

func listBad(_ *cli.Context, arg string) {
	objects := make(chan string)
	go func() {
		defer close(objects)
		for _, r := range arg {
			objects <- string(r) // want "can return with sends on objects still to come"
		}
	}()
	for o := range objects {
		if o == "" {
			return
		}
	}
}
