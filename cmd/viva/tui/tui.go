// Package tui draws an interview on the whole terminal, with Bubble Tea.
//
//	loading ─→ asking ─→ grading ─→ graded ─→ asking … ─→ report
//	             ↑          └─→ failed ─┤
//	             └──────────────────────┘
//
// There is one model, and the phase says what it shows; help and the question
// whether to leave lie over any phase. Update routes each message to a short
// method that only changes the model, and View is a function of the model.
// Everything that waits is a command: the calls of the [interviewer.Session],
// the draft's saving, the editor. The session is never called twice at once;
// a reply carries its call's number and turn, and is dropped when the model no
// longer waits for it.
//
// The package decides nothing about interviews: it shows what the session says
// and turns keys into its calls.
package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"viva/interviewer"
)

// Options sets what the screen shows beside the interview.
type Options struct {
	Title   string // the program's name, at the top left
	Grader  string // who grades: "estimate, offline" or "llama3 at 127.0.0.1:11434"
	Notice  string // shown above the first question: where answers go; "": nothing
	Draft   string // text to put back into the answer box
	NoColor bool   // no colour and no motion

	Input  io.Reader // nil: the terminal
	Output io.Writer // nil: the terminal
}

// lastWords is how long the draft's last saving may take when the screen is gone.
const lastWords = 2 * time.Second

// Run draws the interview until it is finished or left, and returns its report
// as it then stands. done is false when it was left before its end: the session
// stays open, and the text being typed is saved as its draft. The error is the
// terminal's or the context's; what fails in the interview is shown instead.
func Run(ctx context.Context, s *interviewer.Session, o Options) (report interviewer.Report, done bool, err error) {
	if submitted(s.Report(), o.Draft) {
		o.Draft = ""
	}
	d := &desk{session: s}
	m := newModel(ctx, d, o)
	_, err = tea.NewProgram(m, programOptions(ctx, o)...).Run()
	m.cancelCall()
	d.close()
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case err != nil:
		err = fmt.Errorf("draw the interview: %w", err)
	}
	report = s.Report()
	if draft := m.draft(); draft != m.saved && !submitted(report, draft) {
		err = errors.Join(err, saveLast(ctx, s, draft))
	}
	return report, m.phase == reported, err
}

// saveLast saves what was being typed when the screen closed, even where ctx did
// that.
func saveLast(ctx context.Context, s *interviewer.Session, draft string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if err := s.SaveDraft(ctx, draft); err != nil {
		return fmt.Errorf("save the draft: %w", err)
	}
	return nil
}

func programOptions(ctx context.Context, o Options) []tea.ProgramOption {
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler()}
	if o.Input != nil {
		opts = append(opts, tea.WithInput(o.Input))
	}
	if o.Output != nil {
		opts = append(opts, tea.WithOutput(o.Output))
	}
	if o.NoColor {
		opts = append(opts, tea.WithColorProfile(colorprofile.Ascii))
	}
	return opts
}

// submitted reports whether text already stands in r as an answer, so that it
// is no draft any more.
func submitted(r interviewer.Report, text string) bool {
	text, _ = interviewer.Clean(text)
	if strings.TrimSpace(text) == "" {
		return false
	}
	for _, t := range r.Turns {
		for _, a := range t.Answers {
			if a.Text == text {
				return true
			}
		}
	}
	return false
}

// desk is where commands reach the session: one at a time, and none once the
// screen is closed. The model never starts two; the lock lets Run wait for the
// one that Bubble Tea leaves behind when it quits.
type desk struct {
	mu      sync.Mutex
	session *interviewer.Session
	closed  bool
}

// do runs f with the session, or returns nil when the desk is closed.
func (d *desk) do(f func(*interviewer.Session) tea.Msg) tea.Msg {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	return f(d.session)
}

// close waits for the call under way and refuses further ones.
func (d *desk) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}
