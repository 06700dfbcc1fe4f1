// Package plain holds an interview as lines of text: for pipes, screen readers,
// scripts and terminals that cannot be redrawn. It shows the session's state
// and turns lines into calls; it decides nothing about interviews.
//
// Lines of one kind start alike ("Question 1 of 5:", "Your answer:", "Grade:",
// "Point:", "Mistake:", "Feedback:", "Follow-up:", "Report:"); scripts rely on
// that. An answer ends with a line that holds only a dot, or with the input.
package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// Streams is where an interview reads and writes.
type Streams struct {
	In     io.Reader         // answers and commands, nothing else
	Out    io.Writer         // the interview
	Notice func(text string) // what is said beside it
	Draft  string            // an answer begun before; taken up again where a person types
	Width  int               // of the terminal that Out is; 0: lines are as long as they are
	Typed  bool              // a person types the input, rather than a pipe or file
}

// Run holds the interview until it is finished, left with /quit or out of
// input. done is false when it can be resumed. The report is as far as it got.
func Run(ctx context.Context, s *interviewer.Session, st Streams) (report interviewer.Report, done bool, err error) {
	c := &conversation{session: s, out: st.Out, notice: st.Notice, width: st.Width, lines: read(ctx, st.In), typed: st.Typed}
	if st.Typed {
		c.draft = st.Draft
	}
	err = c.run(ctx)
	c.release()
	kept := c.keep(ctx)
	if errors.Is(err, interviewer.ErrRecording) {
		kept = nil // for the same reason, and that is said once
	}
	switch {
	case errors.Is(err, errLeft) && kept == nil:
		report = s.Report()
	case err != nil || kept != nil:
		return report, false, errors.Join(err, kept)
	default:
		if report, err = s.Finish(ctx); err != nil {
			return report, false, err
		}
	}
	c.report(report)
	if report.State == interviewer.Done {
		c.advice(ctx)
	}
	return report, report.State == interviewer.Done, c.err
}

// errLeft ends an interview that is not through.
var errLeft = errors.New("left")

// how is shown once, with the first question.
const how = `(end with a line holding only "."; also /hint /repeat /skip /again /answer /dispute /quit)`

type conversation struct {
	session  *interviewer.Session
	out      io.Writer
	notice   func(string)
	lines    <-chan line
	draft    string           // typed and not submitted
	pause    <-chan time.Time // ends when the draft is to be saved; nil: it is, or there is none
	typed    bool
	width    int
	err      error // the first one of out
	told     bool  // how to answer
	repeated int
	last     *grade.Grade         // what /dispute is about
	held     *interviewer.Outcome // shown in part, until its follow-up is over
}

func (c *conversation) run(ctx context.Context) error {
	if err := c.waiting(ctx); err != nil {
		return err
	}
	for {
		ask, ok, err := c.session.Next(ctx)
		if err != nil {
			return err
		}
		if !ok {
			again, err := c.end(ctx)
			if err != nil || !again {
				return err
			}
			continue
		}
		c.repeated = 0
		if !ask.FollowUp() {
			c.release()
		}
		c.question(ask)
		if err := c.turn(ctx, ask); err != nil {
			return err
		}
	}
}

// waiting has the answers graded that an earlier run left without a grade.
func (c *conversation) waiting(ctx context.Context) error {
	outs, err := c.session.Retry(ctx)
	for _, out := range outs {
		c.say("Question %d of %d: %s", out.Turn+1, len(c.session.Plan().Questions), oneLine(c.session.Turn(out.Turn).Question.Text))
		c.outcome(out)
	}
	return err
}

// end is reached when all is asked. Answers that wait for their grade are tried
// once more, and keep the interview open where they wait on. again is true when
// there is more to ask: a follow-up on such an answer, or a question that a
// command left in the input reopens.
func (c *conversation) end(ctx context.Context) (again bool, err error) {
	if c.session.Waiting() > 0 {
		if err := c.waiting(ctx); err != nil {
			return false, err
		}
		if n := c.session.Waiting(); n > 0 {
			c.notice(fmt.Sprintf("answers without a grade: %d; viva resume asks the model again", n))
			return false, errLeft
		}
		return true, nil
	}
	surplus := false
	for !c.typed { // a person is not kept waiting at the end
		l, ok, err := c.next(ctx)
		if err != nil || !ok {
			if surplus {
				c.notice("the input holds more answers than were asked for; the rest was not used")
			}
			return false, err
		}
		switch cmd, rest := command(l); cmd {
		case "":
			surplus = surplus || strings.Trim(l, ". \t") != ""
		case "/again", "/answer", "/dispute":
			if reopened, err := c.command(ctx, interviewer.Ask{}, cmd, rest); reopened || err != nil {
				return reopened, err
			}
		}
	}
	return false, nil
}

// keep saves what was typed and not submitted, also when ctx has ended.
func (c *conversation) keep(ctx context.Context) error {
	if strings.TrimSpace(c.draft) == "" {
		return nil
	}
	text, _ := interviewer.Clean(c.draft)
	return c.session.SaveDraft(context.WithoutCancel(ctx), text)
}

// turn takes lines until what was asked is answered, skipped or left.
func (c *conversation) turn(ctx context.Context, ask interviewer.Ask) error {
	c.prompt()
	if c.draft != "" {
		c.notice("your answer so far, which you can go on with: " + oneLine(c.draft))
		c.draft += "\n"
	}
	for said := false; ; said = true {
		l, ok, err := c.next(ctx)
		if err != nil {
			return err
		}
		if !ok && (!said || strings.TrimSpace(c.draft) == "") {
			return errLeft
		}
		if !ok || l == "." {
			return c.submit(ctx, ask)
		}
		if cmd, rest := command(l); cmd != "" {
			over, err := c.command(ctx, ask, cmd, rest)
			if over || err != nil {
				return err
			}
			continue
		}
		if len(c.draft)+len(l) <= 2*interviewer.MaxAnswer { // more is refused anyway
			c.draft += l + "\n"
			if c.pause == nil {
				c.pause = time.After(draftPause)
			}
		}
	}
}

// wish does what an answer asks for in words where a command would do.
func (c *conversation) wish(ctx context.Context, ask interviewer.Ask) (over, done bool, err error) {
	w := interviewer.WishIn(c.draft)
	if w == "" {
		return false, false, nil
	}
	c.draft = ""
	switch w {
	case interviewer.WantsTime:
		c.say("Feedback: Take your time.")
		return false, true, nil
	case interviewer.WantsHint: // its cost is said before it is taken
		c.say("Feedback: A hint costs %d points; /hint takes one.", grade.HintCost)
		return false, true, nil
	}
	over, err = c.command(ctx, ask, string(w), "")
	return over, true, err
}

// submit hands the answer in and shows what became of it.
func (c *conversation) submit(ctx context.Context, ask interviewer.Ask) error {
	if over, done, err := c.wish(ctx, ask); done {
		if over || err != nil {
			return err
		}
		return c.turn(ctx, ask)
	}
	clean, repaired := interviewer.Clean(c.draft)
	if repaired {
		c.notice("the answer held bytes that are no UTF-8; they were replaced")
	}
	c.pause = nil
	stop := c.waitingFor()
	out, err := c.session.Answer(ctx, clean)
	stop()
	if err == nil && out.Clarified != "" {
		c.draft = ""
		c.say("Feedback: %s", oneLine(out.Clarified))
		return c.turn(ctx, ask)
	}
	if !errors.Is(err, interviewer.ErrRecording) { // then it is a draft still
		c.draft = ""
	}
	if err != nil {
		return err
	}
	c.outcome(out)
	return nil
}

type line struct {
	text string
	err  error
}

// read sends the lines of in, so that waiting for one can be interrupted. A
// line's end may be missing, and a line over the limit comes in pieces.
func read(ctx context.Context, in io.Reader) <-chan line {
	lines := make(chan line)
	go func() {
		defer close(lines)
		r := bufio.NewReaderSize(in, interviewer.MaxAnswer)
		for {
			text, err := r.ReadSlice('\n')
			if len(text) > 0 {
				select {
				case lines <- line{text: strings.TrimRight(string(text), "\r\n")}:
				case <-ctx.Done():
					return
				}
			}
			if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
				if !errors.Is(err, io.EOF) {
					lines <- line{err: fmt.Errorf("read answer: %w", err)}
				}
				return
			}
		}
	}()
	return lines
}

// draftPause is how long a line may be typed before the draft is saved.
const draftPause = time.Second

// next returns the next line; ok is false at the end of the input. The draft is
// saved while it waits.
func (c *conversation) next(ctx context.Context) (text string, ok bool, err error) {
	for {
		select {
		case <-ctx.Done():
			return "", false, ctx.Err()
		case l, open := <-c.lines:
			return l.text, open, l.err
		case <-c.pause:
			c.pause = nil
			if err := c.keep(ctx); err != nil {
				c.notice("the answer so far is not saved: " + err.Error())
			}
		}
	}
}
