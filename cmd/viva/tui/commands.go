package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

// call is one use of the session.
type call func(context.Context, *interviewer.Session) tea.Msg

// replyMsg is what a call came to.
type replyMsg struct {
	call int // its number
	turn int // the turn under way when it began
	body tea.Msg
}

// The bodies of replies.
type (
	askedMsg struct {
		ask     interviewer.Ask
		at      time.Time
		turn    interviewer.Turn
		ok      bool             // false: all is asked
		last    content.Question // answered or skipped before; zero: none
		waiting int              // answers without a grade, when all is asked
		skipped string           // said when what stood before was left, with the text in the box; "": it was not
		err     error
	}
	gradedMsg struct {
		out  interviewer.Outcome
		ask  interviewer.Ask // what the graded answer replied to
		turn interviewer.Turn
		kept bool // the answer is recorded
		err  error

		submitted bool // just now, from the box
	}
	hintedMsg struct {
		turn interviewer.Turn
		err  error
	}
	disputedMsg struct {
		grade grade.Grade
		err   error
	}
	finishedMsg struct {
		report interviewer.Report
		advice []content.Question
		err    error
	}
)

// Messages that are no replies of calls.
type (
	savedMsg struct {
		text string
		err  error
	}
	progressMsg  grade.Progress
	clockMsg     time.Time
	draftTickMsg struct{}
	tickMsg      struct {
		call int
		at   time.Time
	}
	editMsg struct { // the text to edit stands in a file
		path string
		err  error
	}
	editedMsg struct {
		text string
		err  error
	}
)

// begin makes c the call whose reply is awaited. While a draft is being saved
// it only queues c.
func (m *model) begin(c call) tea.Cmd {
	m.call++
	m.running = true
	if m.saving {
		m.queued = &c
		return nil
	}
	return m.launch(c)
}

func (m *model) launch(c call) tea.Cmd {
	ctx, cancel := context.WithCancel(m.ctx)
	m.queued, m.cancel = nil, cancel
	d, number, turn := m.desk, m.call, m.ask.Turn
	return func() tea.Msg {
		body := d.do(func(s *interviewer.Session) tea.Msg { return c(ctx, s) })
		return replyMsg{call: number, turn: turn, body: body}
	}
}

// cancelCall ends the call under way early; its reply still comes.
func (m *model) cancelCall() {
	if m.cancel != nil {
		m.cancel()
	}
}

// next asks what stands before the candidate now.
func next() call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg { return askNext(ctx, s) }
}

func askNext(ctx context.Context, s *interviewer.Session) askedMsg {
	ask, ok, err := s.Next(ctx)
	msg := askedMsg{ask: ask, at: time.Now(), ok: ok, err: err}
	if err == nil && ok {
		msg.turn = s.Turn(ask.Turn)
		msg.last, _ = s.Attempted()
	}
	if err == nil && !ok {
		msg.waiting = s.Waiting()
	}
	return msg
}

// skip leaves what was asked, and then asks.
func skip() call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		said, err := s.Skip(ctx)
		if err != nil {
			return askedMsg{err: err}
		}
		msg := askNext(ctx, s)
		msg.skipped = said
		return msg
	}
}

// again reopens the question, and then asks it.
func again() call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		if err := s.Again(ctx); err != nil {
			return askedMsg{err: err}
		}
		return askNext(ctx, s)
	}
}

// answer submits text to what is asked in ask.
func answer(ask interviewer.Ask, text string) call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		before := len(s.Turn(ask.Turn).Answers)
		out, err := s.Answer(ctx, text)
		turn := s.Turn(ask.Turn)
		msg := gradedMsg{out: out, ask: ask, turn: turn, submitted: true, kept: len(turn.Answers) > before, err: err}
		if !msg.kept {
			return msg
		}
		// A draft left behind is no harm: Run knows a submitted text again.
		_ = s.SaveDraft(context.WithoutCancel(ctx), "")
		return msg
	}
}

// retry has the answers that wait graded as at first, estimate by the estimator.
func retry() call { return regrade((*interviewer.Session).Retry) }

func estimate() call { return regrade((*interviewer.Session).Estimate) }

func regrade(do func(*interviewer.Session, context.Context) ([]interviewer.Outcome, error)) call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		outs, err := do(s, ctx)
		var out interviewer.Outcome // the last one is shown; the report shows all
		if len(outs) > 0 {
			out = outs[len(outs)-1]
		}
		turn := s.Turn(out.Turn)
		ask := interviewer.Ask{
			Turn: out.Turn, Of: len(s.Plan().Questions), Question: turn.Question,
			Point: out.Point, Text: turn.Question.Text,
		}
		for _, a := range turn.Answers {
			if a.Point == out.Point {
				ask.Text = a.Asked
			}
		}
		return gradedMsg{out: out, ask: ask, turn: turn, kept: true, err: err}
	}
}

// hint takes a hint on the question of turn.
func hint(turn int) call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		_, err := s.Hint(ctx)
		return hintedMsg{turn: s.Turn(turn), err: err}
	}
}

// firstWord tells the session when an answer's first word came.
func firstWord(s *interviewer.Session) tea.Cmd {
	return func() tea.Msg {
		s.Typed(time.Now()) // may be called beside the session's other calls
		return nil
	}
}

func dispute(point, because string) call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		g, err := s.Dispute(ctx, point, because)
		return disputedMsg{grade: g, err: err}
	}
}

func finish() call {
	return func(ctx context.Context, s *interviewer.Session) tea.Msg {
		r, err := s.Finish(ctx)
		if err != nil {
			return finishedMsg{err: err}
		}
		advice, _ := s.Advice(ctx) // the report is whole without it
		return finishedMsg{report: r, advice: advice}
	}
}

// How often the draft is saved while it changes, and the spinner turns.
const (
	draftPause = time.Second
	framePause = 120 * time.Millisecond
)

// saveDraft keeps text as the session's draft.
func saveDraft(ctx context.Context, d *desk, text string) tea.Cmd {
	return func() tea.Msg {
		return d.do(func(s *interviewer.Session) tea.Msg {
			return savedMsg{text: text, err: s.SaveDraft(ctx, text)}
		})
	}
}

// draftTick returns the tick that will save a changed draft, unless one is on
// its way.
func (m *model) draftTick() tea.Cmd {
	if m.ticking || m.phase != asking || m.box.Value() == m.saved {
		return nil
	}
	m.ticking = true
	return m.after(draftPause, func(time.Time) tea.Msg { return draftTickMsg{} })
}

// clock tells the time every second while an answer is thought of and written,
// where things may move.
func (m *model) clock() tea.Cmd {
	if m.styles.still || m.clocking || m.phase != asking || m.put.IsZero() {
		return nil
	}
	m.clocking = true
	return m.after(time.Second, func(at time.Time) tea.Msg { return clockMsg(at) })
}

// tick tells a waiting call's time at once, nextTick after a pause.
func tick(call int) tea.Cmd {
	return func() tea.Msg { return tickMsg{call: call, at: time.Now()} }
}

func (m *model) nextTick() tea.Cmd {
	call := m.call
	return m.after(framePause, func(at time.Time) tea.Msg { return tickMsg{call: call, at: at} })
}

// writeForEditor puts text into a file that only the user can read.
func writeForEditor(text string) tea.Cmd {
	return func() tea.Msg {
		f, err := os.CreateTemp("", "viva-answer-*.md")
		if err != nil {
			return editMsg{err: err}
		}
		_, err = f.WriteString(text)
		return editMsg{path: f.Name(), err: errors.Join(err, f.Close())}
	}
}

// runEditor hands the terminal to the editor and reads the text back. A text
// that cannot be taken stays in its file.
func runEditor(ctx context.Context, editor, path string) tea.Cmd {
	args := append(strings.Fields(editor), path)
	return tea.ExecProcess(exec.CommandContext(ctx, args[0], args[1:]...), func(err error) tea.Msg {
		if err != nil {
			return editedMsg{err: fmt.Errorf("edit with %q: %w; your text is as it was, and what the editor made of it is in %s", editor, err, path)}
		}
		data, err := os.ReadFile(path)
		if err == nil {
			err = tooLong(string(data))
		}
		if err != nil {
			return editedMsg{err: fmt.Errorf("take the text back from %s: %w", path, err)}
		}
		_ = os.Remove(path) // the text is taken; a file left behind is readable by its owner only
		return editedMsg{text: string(data)}
	})
}

// maxLines is how many lines the answer box holds.
const maxLines = 10000

var errTooManyLines = fmt.Errorf("the answer has more than %d lines", maxLines)

// tooLong reports why the box cannot take text; nil: it can.
func tooLong(text string) error {
	switch {
	case len(text) > interviewer.MaxAnswer:
		return interviewer.ErrTooLong
	case strings.Count(text, "\n") >= maxLines:
		return errTooManyLines
	}
	return nil
}
