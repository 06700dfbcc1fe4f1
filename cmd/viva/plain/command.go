package plain

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"viva/interviewer"
	"viva/interviewer/grade"
)

var commands = []string{"/hint", "/repeat", "/skip", "/again", "/answer", "/dispute", "/quit", "/help"}

// mistyped matches a word alone on a line that can only be meant as a command.
var mistyped = regexp.MustCompile(`^/[a-z]{2,10}$`)

// command splits a line into one of the commands and the rest; "" when it is none.
func command(l string) (cmd, rest string) {
	cmd, rest, _ = strings.Cut(strings.TrimSpace(l), " ")
	if rest == "" && mistyped.MatchString(cmd) && !slices.Contains(commands, cmd) {
		return cmd, ""
	}
	if !slices.Contains(commands, cmd) || cmd != "/dispute" && rest != "" {
		return "", ""
	}
	return cmd, strings.TrimSpace(rest)
}

// command carries one out. over means that what was asked is no longer open.
func (c *conversation) command(ctx context.Context, ask interviewer.Ask, cmd, rest string) (over bool, err error) {
	switch cmd {
	case "/quit":
		return true, errLeft
	case "/help":
		c.say("Commands, alone on a line: /hint gives one for %d points, /repeat asks again, /skip leaves the question, /again tries it once more, /answer shows the reference of the one before, /dispute N why has point N judged again, /quit leaves.", grade.HintCost)
	case "/skip":
		c.draft, c.pause = "", nil
		said, err := c.session.Skip(ctx)
		if err == nil {
			c.say("Feedback: %s", said)
		}
		return true, err
	case "/again":
		err = c.session.Again(ctx)
		over = err == nil
	case "/hint":
		var hint string
		if hint, err = c.session.Hint(ctx); err == nil {
			c.say("Hint: %s (costs %d points)", oneLine(hint), grade.HintCost)
		}
	case "/repeat":
		c.repeat(ask)
	case "/answer":
		err = c.reference()
	case "/dispute":
		err = c.dispute(ctx, rest)
	default:
		c.notice("no command " + cmd + ": there are " + strings.Join(commands, " "))
	}
	if refusal(err) {
		c.notice(err.Error())
		err = nil
	}
	return over, err
}

// refusal reports errors that are an answer to the candidate and no failure.
func refusal(err error) bool {
	for _, known := range []error{
		interviewer.ErrExam, interviewer.ErrNoAnswer, interviewer.ErrNoHint, interviewer.ErrNoModel,
		interviewer.ErrNoPoint, interviewer.ErrUngraded, errNotYet, errDisputeForm,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

var (
	errNotYet      = errors.New("the reference answer is shown when a question is over: answered, or left with /skip")
	errDisputeForm = errors.New("say which point and why: /dispute 2 I named it in the first sentence")
)

// repeat says the question another way.
func (c *conversation) repeat(ask interviewer.Ask) {
	others := interviewer.Rephrased(ask.Question)
	if ask.FollowUp() || len(others) == 0 {
		c.say("Again: %s", oneLine(ask.Text))
		return
	}
	c.say("In other words: %s", oneLine(others[c.repeated%len(others)]))
	c.repeated++
}

// reference shows the bank's answer to the question attempted last.
func (c *conversation) reference() error {
	q, ok := c.session.Attempted()
	if !ok {
		return errNotYet
	}
	c.say("Reference: %s %s", oneLine(q.Text), oneLine(q.Answer))
	return nil
}

// dispute has a verdict of the last grade judged again; points count from 1.
func (c *conversation) dispute(ctx context.Context, rest string) error {
	number, because, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	if err != nil || strings.TrimSpace(because) == "" {
		return errDisputeForm
	}
	if c.last == nil {
		return interviewer.ErrNoAnswer
	}
	if n < 1 || n > len(c.last.Points) {
		return interviewer.ErrNoPoint
	}
	g, err := c.session.Dispute(ctx, c.last.Points[n-1].ID, because)
	if err == nil {
		c.notice("judged again beside the first grade, which still counts")
		out := interviewer.Outcome{Grade: &g}
		if c.held != nil {
			out.Due = c.held.Due
		}
		c.grade(out)
	}
	return err
}
