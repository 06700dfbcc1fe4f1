// Command viva is a mock interviewer for the terminal: it asks, takes a
// free-text answer, grades it point by point and follows up on what was missed.
//
// This package only wires things together: one file a command, config.go for
// the settings and where each came from, wire.go for who gets what, errors.go
// for what a user reads and which code the program exits with. What it does is
// in the packages it calls; package interviewer is the place to start reading.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"viva/index/embed"
)

func main() { os.Exit(run()) }

// run is main with an exit code, so that test scripts can call it.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, encoder: sync.OnceValues(embed.New)}
	var failed error
	root := a.root()
	capture(root, &failed)
	err := fang.Execute(ctx, root,
		fang.WithoutVersion(), // -v is --verbose; see viva version
		fang.WithoutCompletions(),
		fang.WithoutManpage(), // we have commands of our own for both
		fang.WithErrorHandler(func(w io.Writer, _ fang.Styles, err error) { printError(w, err) }))
	if failed != nil {
		printError(a.err, failed)
		err = failed
	}
	return exitCode(ctx, err)
}

// capture keeps what commands return from fang. Before it reports an error it
// asks the terminal for its colours and waits for the reply on stdin, which a
// command that was interrupted while reading may still hold.
func capture(cmd *cobra.Command, failed *error) {
	if do := cmd.RunE; do != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*failed = do(cmd, args)
			return nil
		}
	}
	for _, c := range cmd.Commands() {
		capture(c, failed)
	}
}
