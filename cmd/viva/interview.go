package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"viva/cmd/viva/plain"
	"viva/cmd/viva/tui"
	"viva/content"
	"viva/index"
	"viva/interviewer"
	"viva/interviewer/journal"
)

// interviewOptions are the flags of viva interview that are not settings.
type interviewOptions struct {
	filter content.Filter
	level  string
	about  string
	refs   []string
	seed   uint64
	exam   bool
	resume bool
}

func (a *app) interviewFlags(f *pflag.FlagSet) {
	o := a.interviewing
	f.Int("questions", 0, "how many questions (5)")
	f.StringArrayVar(&o.filter.Topics, "topic", nil, "ask about this topic; repeatable")
	f.StringVar(&o.level, "level", "", "foundation, core or advanced")
	f.IntVar(&o.filter.Day, "day", 0, "ask the questions of this day of the built-in list")
	f.StringVar(&o.about, "about", "", "ask about what this text means, or @FILE")
	f.StringArrayVar(&o.refs, "question", nil, "ask this question, by id or number; repeatable")
	f.Int("follow-ups", 0, "at most so many follow-ups a question (1)")
	f.Uint64Var(&o.seed, "seed", 0, "choose the same questions for the same number")
	f.BoolVar(&o.exam, "exam", false, "no hints and no feedback before the end")
	f.Bool("plain", false, "lines of text instead of a full screen")
	f.BoolVar(&o.resume, "resume", false, "go on with the newest open interview")
}

func (a *app) interviewCommand() *cobra.Command {
	a.interviewing = &interviewOptions{}
	cmd := &cobra.Command{
		Use:   "interview",
		Short: "Hold an interview; the same as viva alone",
		Long: `Asks questions, takes free-text answers, grades them point by point and follows
up on what was missed. In a terminal it fills the screen; over a pipe or with
--plain it is lines of text. Over a pipe an answer ends with a line that holds
only a dot, and stdin holds nothing but answers and commands: /hint, /repeat,
/skip, /again, /answer, /dispute N why, /quit.`,
		Example: `  # three questions about Lambda and IAM
  viva interview --questions 3 --topic lambda --topic iam

  # what a job advert asks for
  viva interview --about @advert.txt

  # one question, over a pipe
  viva --question 77 < answer.txt`,
		Args: noArgs,
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.interview(cmd.Context(), a.interviewing) }
	a.interviewFlags(cmd.Flags())
	return cmd
}

func (a *app) interview(ctx context.Context, o *interviewOptions) error {
	if o.resume {
		return a.resume(ctx, "")
	}
	lib, err := a.library()
	if err != nil {
		return err
	}
	plan, err := a.plan(ctx, lib, o)
	if err != nil {
		return err
	}
	a.follows = a.config.Interview.FollowUps > 0
	x, err := a.examiner(ctx, lib)
	if err != nil {
		return err
	}
	j, err := a.newJournal(ctx)
	if err != nil {
		return err
	}
	defer j.Close()
	s, err := interviewer.Start(ctx, journal.NewID(time.Now()), plan, x, j)
	if err != nil {
		return err
	}
	return a.converse(ctx, s, "")
}

// plan chooses the questions: those named, those a text is about, or a mix of
// what the filter lets pass.
func (a *app) plan(ctx context.Context, lib content.Library, o *interviewOptions) (interviewer.Plan, error) {
	o.filter.Level = content.Level(o.level)
	if len(o.refs) > 0 && (o.about != "" || len(o.filter.Topics) > 0 || o.level != "" || o.filter.Day != 0) {
		return interviewer.Plan{}, usage("--question names the questions: leave out --about, --topic, --level and --day")
	}
	candidates, err := lib.Select(o.filter)
	if err != nil {
		return interviewer.Plan{}, err
	}
	opts := interviewer.PlanOptions{
		Questions: a.config.Interview.Questions,
		FollowUps: a.config.Interview.FollowUps,
		Exam:      o.exam,
		Seed:      o.seed,
		Version:   version(lib),
	}
	switch {
	case len(o.refs) > 0:
		opts.InOrder = true
		candidates = nil
		for _, ref := range o.refs {
			q, err := lib.Find(ref)
			if err != nil {
				return interviewer.Plan{}, err
			}
			candidates = append(candidates, q)
		}
		opts.Questions = len(candidates)
	case o.about != "":
		opts.InOrder = true
		if candidates, err = a.about(ctx, lib, o); err != nil {
			return interviewer.Plan{}, err
		}
	}
	if len(candidates) == 0 {
		return interviewer.Plan{}, usage("no question fits: leave out --topic, --level or --day")
	}
	return interviewer.MakePlan(candidates, opts), nil
}

// about returns the questions that a text is about: a phrase, or a whole advert,
// whose sentences are looked up one by one.
func (a *app) about(ctx context.Context, lib content.Library, o *interviewOptions) ([]content.Question, error) {
	text := o.about
	if file, ok := strings.CutPrefix(text, "@"); ok {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read --about: %w", err)
		}
		text = string(data)
	}
	text, _ = interviewer.Clean(text)
	parts := aboutParts(text)
	ix, err := a.openIndex(ctx, lib)
	if err != nil {
		return nil, err
	}
	hits, found, err := ix.Together(ctx, parts, index.Wanted{Limit: len(lib.Questions()), Filter: o.filter})
	if err != nil {
		return nil, err
	}
	if len(hits) == 0 {
		return nil, queryFault(index.ErrEmptyQuery)
	}
	if !found {
		a.notice("nothing in the bank is quite about that; these come nearest")
	}
	var qs []content.Question
	for _, h := range hits {
		qs = append(qs, h.Question)
	}
	return qs, nil
}

// maxParts is how many sentences of a text are looked up; the first ones of a
// longer one say what it is about.
const maxParts = 100

// aboutParts cuts a text into what can be looked up: its sentences, and the lines of
// its lists, the longest of them cut.
func aboutParts(text string) []string {
	var parts []string
	for line := range strings.Lines(text) {
		for _, s := range content.Sentences(line) {
			parts = append(parts, strings.ToValidUTF8(s[:min(len(s), index.MaxQuery)], ""))
		}
	}
	return parts[:min(len(parts), maxParts)]
}

// version names the state of the banks in use.
func version(lib content.Library) string {
	var parts []string
	for _, b := range lib {
		parts = append(parts, b.Name+"@"+b.Version)
	}
	return strings.Join(parts, " ")
}

// converse holds the interview, full screen where that is possible.
func (a *app) converse(ctx context.Context, s *interviewer.Session, draft string) error {
	if a.fullScreen() {
		report, done, err := tui.Run(ctx, s, tui.Options{
			Title: "viva", Grader: a.grader(), Notice: strings.TrimSpace(sentence(a.sendsTo) + " " + sentence(a.unfit)), Draft: draft, NoColor: a.noColor,
		})
		if err == nil && !done {
			a.notice("the interview is kept: viva resume goes on with it")
		} else if err == nil {
			a.notice("the report is kept: viva report %s", report.Session)
		}
		return err
	}
	a.announce()
	out := a.out
	if a.json {
		out = a.err
	}
	report, done, err := plain.Run(ctx, s, plain.Streams{
		In: withoutMark(a.in), Out: out, Notice: func(text string) { a.notice("%s", text) },
		Draft: draft, Typed: isTerminal(a.in),
	})
	if !done && (err == nil || errors.Is(err, context.Canceled)) {
		a.notice("the interview is kept: viva resume goes on with it")
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(report)
	}
	return nil
}

// sentence makes a notice fit to stand alone.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
