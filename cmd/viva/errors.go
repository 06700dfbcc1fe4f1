package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/journal"
	"viva/interviewer/llm"
)

// Exit codes. They are stable; scripts rely on them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitConfig      = 3
	exitEndpoint    = 4
	exitInterrupted = 130
)

// usageError reports a command line that cannot be carried out.
type usageError struct{ what, next string }

func (e *usageError) Error() string { return e.what }
func (e *usageError) Hint() string  { return e.next }

func usage(format string, args ...any) *usageError {
	return &usageError{what: fmt.Sprintf(format, args...)}
}

// errSilent is returned where everything was said already and only the exit
// code is left to set.
var errSilent = errors.New("failed")

// exitCode chooses the program's exit code for the error a command returned.
func exitCode(ctx context.Context, err error) int {
	var use *usageError
	var conf *configError
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil, errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &use), errors.Is(err, content.ErrUnknown), errors.Is(err, journal.ErrUnknownSession),
		errors.Is(err, journal.ErrAmbiguous), errors.Is(err, interviewer.ErrTooLong):
		return exitUsage
	case errors.As(err, &conf):
		return exitConfig
	case errors.Is(err, llm.ErrUnreachable), errors.Is(err, llm.ErrCredentials):
		return exitEndpoint
	}
	return exitFailed
}

// printError writes one sentence and, where we know one, the next step.
func printError(w io.Writer, err error) {
	if errors.Is(err, errSilent) || errors.Is(err, context.Canceled) {
		return
	}
	fmt.Fprintf(w, "viva: %s\n", err)
	if h := hint(err); h != "" {
		fmt.Fprintf(w, "try: %s\n", h)
	}
}

// hint says what the user can do about err, or "" when we do not know.
func hint(err error) string {
	var hinter interface{ Hint() string }
	switch {
	case errors.As(err, &hinter) && hinter.Hint() != "":
		return hinter.Hint()
	case errors.Is(err, content.ErrUnknown) && strings.Contains(err.Error(), "question"):
		return "viva bank list, or viva search with a few words of it"
	case errors.Is(err, journal.ErrUnknownSession):
		return "viva history shows every interview"
	case errors.Is(err, journal.ErrNewer):
		return "install the newest viva, or move the file away to start a new one"
	case errors.Is(err, journal.ErrUnwritable):
		return "free some space or make the folder writable, or set XDG_DATA_HOME to a folder that is"
	case errors.Is(err, journal.ErrCorrupt):
		return "viva history export, which may save what can still be read; the next interview keeps the damaged file beside a new one"
	case errors.Is(err, journal.ErrOlder):
		return "start an interview: it brings the file up to date, after a copy"
	}
	return ""
}
