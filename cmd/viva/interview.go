package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"viva/cmd/viva/plain"
	"viva/cmd/viva/tui"
	"viva/content"
	"viva/interviewer"
	"viva/interviewer/journal"
)

// interviewOptions are the flags of viva interview that are not settings.
type interviewOptions struct {
	filter content.Filter
	level  string
	about  string
	refs   []string
	missed bool
	time   int // in minutes; 0: no limit
	seed   uint64
	exam   bool
	resume bool
	free   bool               // no flag says what to ask: the start screen may
	past   []interviewer.Past // what was asked before, once it was looked up
}

func (a *app) interviewFlags(f *pflag.FlagSet) {
	o := a.interviewing
	f.Int("questions", 0, "how many questions (5)")
	f.IntVar(&o.time, "minutes", 0, "as many questions as fit into this time, instead of --questions")
	f.StringArrayVar(&o.filter.Topics, "topic", nil, "ask about this topic; repeatable")
	f.StringVar(&o.level, "level", "", "foundation, core or advanced")
	f.IntVar(&o.filter.Day, "day", 0, "ask the questions of this day of the built-in list")
	f.StringVar(&o.about, "about", "", "ask about what this text means, or @FILE")
	f.StringArrayVar(&o.refs, "question", nil, "ask this question, by id or number; repeatable")
	f.BoolVar(&o.missed, "missed", false, "ask again what went wrong before")
	f.Int("follow-ups", 0, "at most so many follow-ups a question (1)")
	f.Uint64Var(&o.seed, "seed", 0, "choose the same questions for the same number, whatever was asked before")
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
/skip, /again, /answer, /dispute N why, /quit.

Left to itself, about half of an interview is what is due again, a day after a
poor answer, four days after a fair one, and after 4, 8, 16 … days as long as the
answers are good; the rest is new. With --minutes a question with its follow-up is
taken as 3 to 5 minutes, by its level and its points, and once the time is over no
further one is begun; breaks of more than five minutes do not count.`,
		Example: `  # three questions about Lambda and IAM
  viva interview --questions 3 --topic lambda --topic iam

  # what went wrong before, for a quarter of an hour
  viva interview --missed --minutes 15

  # what a job advert asks for
  viva interview --about @advert.txt

  # one question, over a pipe
  viva --question 77 < answer.txt`,
		Args: noArgs,
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.interviewing.check(cmd.Flags()); err != nil {
			return err
		}
		return a.interview(cmd.Context(), a.interviewing)
	}
	a.interviewFlags(cmd.Flags())
	return cmd
}

// mostMinutes is the longest time that an interview may be given.
const mostMinutes = 600

// check refuses flags that contradict each other.
func (o *interviewOptions) check(flags *pflag.FlagSet) error {
	timed := flags.Changed("minutes")
	chosen := o.about != "" || o.missed || timed || len(o.filter.Topics) > 0 || o.level != "" || o.filter.Day != 0
	o.free = !chosen && len(o.refs) == 0 && !o.exam && !flags.Changed("questions") && !flags.Changed("seed") && !flags.Changed("follow-ups")
	switch {
	case flags.Changed("about") && strings.TrimSpace(o.about) == "":
		return usage("--about is empty: it should be a text, or @FILE")
	case timed && (o.time < 1 || o.time > mostMinutes):
		return usage("--minutes is %d: it should be a whole number from 1 to %d", o.time, mostMinutes)
	case timed && flags.Changed("questions"):
		return usage("--minutes and --questions both say how long the interview is: leave one out")
	case len(o.refs) > 0 && chosen:
		return usage("--question names the questions: leave out --about, --missed, --minutes, --topic, --level and --day")
	case o.missed && o.about != "":
		return usage("--missed and --about both say what is asked first: leave one out")
	case o.missed && flags.Changed("seed"):
		return usage("--missed asks what went wrong before, and --seed leaves the past out: leave one out")
	}
	return nil
}

func (a *app) interview(ctx context.Context, o *interviewOptions) error {
	if o.resume {
		return a.resume(ctx, "")
	}
	lib, err := a.library()
	if err != nil {
		return err
	}
	if o.free && a.fullScreen() {
		wish, open, ok, err := a.wish(ctx, lib, o)
		switch {
		case err != nil || !ok:
			return err
		case wish.Resume:
			return a.resume(ctx, open)
		}
		o.take(wish)
		a.config.Interview.Questions = wish.Questions
	}
	plan, err := a.plan(ctx, lib, o)
	if err != nil {
		return err
	}
	plan.Titles = titles(lib)
	a.follows = a.config.Interview.FollowUps > 0
	x, err := a.examiner(ctx, lib)
	if err != nil {
		return err
	}
	if x.Model != nil {
		plan.Model, plan.BaseURL = a.config.Judge.Model, a.config.Judge.BaseURL
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

// titles names the topics of all banks, for people.
func titles(lib content.Library) map[string]string {
	names := map[string]string{}
	for _, b := range lib {
		for _, t := range b.Topics {
			names[t.ID] = t.Title
		}
	}
	return names
}

// converse holds the interview, full screen where that is possible.
func (a *app) converse(ctx context.Context, s *interviewer.Session, draft string) error {
	if a.fullScreen() {
		report, done, err := tui.Run(ctx, s, tui.Options{
			Title: "viva", Grader: a.grader(), Notice: strings.Join(strings.Fields(sentence(a.remark)+" "+sentence(a.sendsTo)+" "+sentence(a.unfit)), " "), Draft: draft, NoColor: a.noColor,
		})
		if err == nil && !done {
			a.notice("the interview is kept: viva resume goes on with it")
		} else if err == nil {
			a.outOfTime(s)
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
		Draft: draft, Typed: isTerminal(a.in), Width: width(a.out),
	})
	if !done && (err == nil || errors.Is(err, context.Canceled)) {
		a.notice("the interview is kept: viva resume goes on with it")
	}
	if err != nil {
		return err
	}
	if done {
		a.outOfTime(s)
	}
	if a.json {
		return a.printJSON(report)
	}
	return nil
}

// outOfTime says that a finished interview left questions out for lack of time.
func (a *app) outOfTime(s *interviewer.Session) {
	asked, planned := len(s.Report().Turns), len(s.Plan().Questions)
	if s.TimeOver() && asked < planned {
		a.notice("the time is over: %d of %s were asked", asked, counted(planned, "question"))
	}
}

// sentence makes a notice fit to stand alone.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
