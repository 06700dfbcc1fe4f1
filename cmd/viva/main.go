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
	"syscall"

	"charm.land/fang/v2"
)

func main() { os.Exit(run()) }

// run is main with an exit code, so that test scripts can call it.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	err := fang.Execute(ctx, a.root(),
		fang.WithoutVersion(), // -v is --verbose; see viva version
		fang.WithErrorHandler(func(w io.Writer, _ fang.Styles, err error) { printError(w, err) }))
	return exitCode(ctx, err)
}
