package plain

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// say writes one line, broken between words where it is longer than a terminal is
// wide. After the first failure it writes nothing more.
func (c *conversation) say(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if c.width > 0 {
		line = ansi.Wordwrap(line, c.width, "")
	}
	if c.err == nil {
		_, c.err = io.WriteString(c.out, line+"\n")
	}
}

// waitEach is how often somebody who waits for a grade is told so.
const waitEach = 20 * time.Second

// waitingFor says again and again that a grade is waited for, until stop is called.
func (c *conversation) waitingFor() (stop func()) {
	ticker, done := time.NewTicker(waitEach), make(chan struct{})
	go func() {
		for n := 1; ; n++ {
			select {
			case <-ticker.C:
				c.notice(fmt.Sprintf("still waiting for the grade, %d s", n*int(waitEach/time.Second)))
			case <-done:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(done)
	}
}

// oneLine folds a text of several lines into one, since lines are the format.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (c *conversation) question(ask interviewer.Ask) {
	if ask.Lead != "" {
		c.say("Feedback: %s", oneLine(ask.Lead))
	}
	if ask.FollowUp() {
		c.say("Follow-up: %s", oneLine(ask.Text))
		return
	}
	c.say("Question %d of %d: %s", ask.Turn+1, ask.Of, oneLine(ask.Text))
}

func (c *conversation) prompt() {
	if c.told {
		c.say("Your answer:")
		return
	}
	c.told = true
	c.say("Your answer: %s", how)
}

// outcome shows what became of an answer; in an exam, nothing yet.
func (c *conversation) outcome(out interviewer.Outcome) {
	if out.Point != "" && out.Grade != nil {
		c.held = nil // the follow-up's own grade tells of it
	}
	c.release()
	if c.session.Plan().Exam {
		return
	}
	if out.Failure != nil {
		c.notice(out.Failure.Error())
	}
	switch {
	case out.Grade != nil:
		c.last = out.Grade
		c.grade(out)
		if out.Tell {
			_ = c.reference() // it was just attempted
		}
	case out.Wait:
		c.say("Grade: waits for the model; the answer is kept")
	default:
		c.say("Grade: none, the bank has no reference answer for this question")
	}
}

// grade shows a grade and, after a follow-up, what it makes of the question.
// What the next follow-up asks about is held back until that is over.
func (c *conversation) grade(out interviewer.Outcome) {
	g := out.Grade
	whole := out.Total != nil && out.Total.Score != nil && g.Score != nil
	followed := out.Point != "" && whole
	if !followed {
		c.say("Grade: %s", Headline(*g))
	}
	for i, p := range g.Points {
		switch {
		case p.ID == out.Due:
			c.say("Point: %d. %s: asked next", i+1, p.Verdict)
		case followed && p.ID != out.Point && p.Verdict == grade.Missed: // nobody asked about it
		default:
			c.point(i, p)
		}
	}
	for _, m := range g.Mistakes {
		c.say("Mistake: “%s”: %s", oneLine(m.Quote), oneLine(m.Fix))
	}
	for _, f := range g.Flags {
		if text := f.Remark(); text != "" {
			c.notice(text)
		}
	}
	switch {
	case out.Due != "":
		if c.held == nil { // a dispute holds back nothing new
			c.held = &out
		}
		if out.Opening != "" {
			c.say("Feedback: %s", oneLine(out.Opening))
		}
	case g.Feedback != "":
		c.say("Feedback: %s", oneLine(g.Feedback))
	}
	if first := out.First; first != nil && g.Score != nil {
		c.say("Grade: the first try had %d of 100, and counts", *first)
	}
	if followed || whole && *out.Total.Score != *g.Score {
		c.say("Grade: %d of 100 (%s) for the whole question", *out.Total.Score, out.Total.Band)
	}
}

func (c *conversation) point(i int, p grade.PointGrade) {
	quote := ""
	if p.Quote != "" {
		quote = fmt.Sprintf(" — “%s”", oneLine(p.Quote))
	}
	c.say("Point: %d. %s: %s%s", i+1, p.Verdict, oneLine(p.Text), quote)
}

// release shows what was held back for a follow-up that is over.
func (c *conversation) release() {
	if c.held == nil {
		return
	}
	g, due := c.held.Grade, c.held.Due
	c.held = nil
	for i, p := range g.Points {
		if p.ID == due {
			c.point(i, p)
		}
	}
	if g.Feedback != "" {
		c.say("Feedback: %s", oneLine(g.Feedback))
	}
}

// Headline is a grade in one line: score, range, band and who graded.
func Headline(g grade.Grade) string {
	if g.Score == nil {
		if g.Error != nil {
			return "none: " + oneLine(*g.Error)
		}
		return "none"
	}
	spread := ""
	if g.PlusMinus != nil && *g.PlusMinus > 0 {
		spread = fmt.Sprintf(" ± %d", *g.PlusMinus)
	}
	by := "by " + oneLine(g.Grader.Name)
	switch {
	case g.Grader.Kind == grade.ByEstimate:
		by = "estimate"
	case g.Made.Prompt == "": // the gate settled it
		by = "without asking " + oneLine(g.Grader.Name)
	}
	if g.Has(grade.FlagModelFailed) {
		by += ", the model failed"
	}
	return fmt.Sprintf("%d%s of 100 (%s), %s", *g.Score, spread, g.Band, by)
}

// report shows the end: a line a question and a line in all.
func (c *conversation) report(r interviewer.Report) {
	if !slices.ContainsFunc(r.Turns, func(t interviewer.ReportTurn) bool { return t.Skipped || len(t.Answers) > 0 }) {
		return // nothing was said yet
	}
	if c.session.Plan().Exam && r.State == interviewer.Done {
		c.feedback()
	}
	for i, t := range r.Turns {
		c.say("Report: %d. %s: %s", i+1, t.Question, turnScore(t))
	}
	if r.Score == nil {
		c.say("Report: no score")
		return
	}
	c.say("Report: %d of 100 in all, %s", *r.Score, r.Grader)
}

// advice shows what to practise next; the report is whole without it.
func (c *conversation) advice(ctx context.Context) {
	qs, err := c.session.Advice(ctx)
	if err != nil {
		c.notice(err.Error())
	}
	for _, q := range qs {
		c.say("Report: practise next, on what was missed: %s, %s", q.Ref(), oneLine(q.Text))
	}
}

// feedback shows the grades that an exam held back.
func (c *conversation) feedback() {
	for i := range c.session.Plan().Questions {
		t := c.session.Turn(i)
		for _, a := range t.Answers {
			if a.Grade != nil {
				c.say("Question %d of %d: %s", i+1, len(c.session.Plan().Questions), oneLine(a.Asked))
				c.grade(interviewer.Outcome{Grade: a.Grade})
			}
		}
	}
}

func turnScore(t interviewer.ReportTurn) string {
	switch {
	case t.Score != nil && t.Best != nil && *t.Best > *t.Score:
		return fmt.Sprintf("%d of 100, best %d", *t.Score, *t.Best)
	case t.Score != nil:
		return fmt.Sprintf("%d of 100", *t.Score)
	case t.Skipped || len(t.Answers) == 0:
		return "not answered"
	}
	return "not graded"
}
