package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"viva/cmd/viva/tui"
	"viva/content"
	"viva/index"
	"viva/interviewer"
)

// plan chooses the questions: those named, those a text is about, those missed
// before, or a mix of what the filter lets pass.
func (a *app) plan(ctx context.Context, lib content.Library, o *interviewOptions) (interviewer.Plan, error) {
	opts := interviewer.PlanOptions{
		Questions: a.config.Interview.Questions,
		Minutes:   o.time,
		FollowUps: a.config.Interview.FollowUps,
		Exam:      o.exam,
		Seed:      o.seed,
		Now:       time.Now(),
		Version:   version(lib),
	}
	if len(o.refs) > 0 {
		named, err := findAll(lib, o.refs)
		opts.Order, opts.Questions = interviewer.Exact, len(named)
		return interviewer.MakePlan(named, opts), err
	}
	o.filter.Level = content.Level(o.level)
	candidates, err := lib.Select(o.filter)
	if err != nil {
		return interviewer.Plan{}, err
	}
	switch {
	case o.about != "":
		if opts.Order = interviewer.Exact; o.time > 0 {
			opts.Order = interviewer.Ranked
		}
		candidates, err = a.about(ctx, lib, o)
	case o.missed:
		opts.Order = interviewer.Ranked
		candidates, err = missed(ctx, candidates)
	case o.seed == 0:
		// A journal that cannot be read is no reason not to plan: what is wrong
		// with it is said when it is opened for writing.
		if o.past == nil {
			o.past, _ = past(ctx, recent)
		}
		opts.Past = o.past
	}
	if err != nil {
		return interviewer.Plan{}, err
	}
	if len(candidates) == 0 {
		return interviewer.Plan{}, usage("no question fits: leave out --topic, --level or --day")
	}
	return interviewer.MakePlan(candidates, opts), nil
}

func findAll(lib content.Library, refs []string) ([]content.Question, error) {
	var named []content.Question
	for _, ref := range refs {
		q, err := lib.Find(ref)
		if err != nil {
			return nil, err
		}
		named = append(named, q)
	}
	return named, nil
}

// missed returns the candidates that went wrong before, the worst first.
func missed(ctx context.Context, candidates []content.Question) ([]content.Question, error) {
	turns, err := past(ctx, 0)
	keys := interviewer.Missed(turns)
	if len(keys) == 0 && err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, &usageError{"no question was missed yet: there is nothing to ask again", "viva, for an interview of what is new and due"}
	}
	qs := interviewer.Pick(candidates, keys)
	if len(qs) == 0 {
		return nil, usage("nothing that was missed before fits: leave out --topic, --level, --day or --bank")
	}
	return qs, nil
}

// recent is how many interviews a plan looks back on: a year of them or so, read in
// a fifth of a second. A question last asked before them counts as new.
const recent = 300

// past reads what the newest interviews asked, or all of them where limit is 0.
// After an error it is what could be read.
func past(ctx context.Context, limit int) ([]interviewer.Past, error) {
	j, err := readJournal(ctx)
	if j == nil {
		return nil, err
	}
	defer j.Close()
	sessions, err := j.List(ctx)
	if limit > 0 {
		sessions = sessions[:min(limit, len(sessions))]
	}
	faults := []error{err}
	var turns []interviewer.Past
	for _, s := range sessions {
		rec, err := j.Load(ctx, s.Session)
		faults = append(faults, err)
		turns = append(turns, interviewer.PastTurns(rec)...)
	}
	return turns, errors.Join(faults...)
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
	hits, found, err := ix.InTurn(ctx, parts, o.filter)
	switch {
	case err != nil:
		return nil, err
	case len(hits) == 0:
		return nil, queryFault(index.ErrEmptyQuery)
	case !found:
		a.remark = "nothing in the bank is quite about that; these come nearest"
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
			if listed := strings.FieldsFunc(strings.ReplaceAll(s, " and ", ","), func(r rune) bool { return strings.ContainsRune(",;/()", r) }); len(listed) > 1 {
				parts = append(parts, listed...) // each of several things
			}
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

// wish shows the start screen. ok is false when it was left; open is the interview
// that it offers to go on with.
func (a *app) wish(ctx context.Context, lib content.Library, o *interviewOptions) (wish tui.Wish, open string, ok bool, err error) {
	offer := tui.Offer{Questions: a.config.Interview.Questions, Most: len(lib.Questions())}
	for _, b := range lib {
		for _, t := range b.Topics {
			offer.Topics = append(offer.Topics, tui.Option{ID: t.ID, Title: t.Title})
		}
	}
	for _, l := range content.Levels {
		offer.Levels = append(offer.Levels, tui.Option{ID: string(l), Title: string(l)})
	}
	o.past, _ = past(ctx, recent) // what is wrong with the journal is said when it is opened for writing
	if n := len(interviewer.Pick(lib.Questions(), interviewer.Due(o.past, time.Now()))); n > 0 {
		offer.Due = fmt.Sprintf("Due again: %d. They come first.", n)
	}
	unfinished, words := unfinished(ctx)
	offer.Unfinished = words
	who := "estimate, offline"
	if a.config.Judge.Model != "" && !a.config.Offline && a.config.Judge.Grader != "estimate" {
		who = a.config.Judge.Model
	}
	wish, ok, err = tui.Start(ctx, offer, tui.Options{Title: "viva", Grader: who, NoColor: a.noColor})
	return wish, unfinished, ok, err
}

// unfinished is the newest open interview in which something was answered, by its id
// and in words; "" where there is none.
func unfinished(ctx context.Context) (id, words string) {
	j, err := readJournal(ctx)
	if j == nil || err != nil {
		return "", ""
	}
	defer j.Close()
	sessions, err := j.List(ctx)
	if err != nil {
		return "", ""
	}
	for _, s := range sessions {
		if s.State == interviewer.Open && s.Answered > 0 {
			return s.Session, fmt.Sprintf("from %s, %d of %d answered", s.Started.Local().Format("2 January 15:04"), s.Answered, s.Questions)
		}
	}
	return "", ""
}

// take makes a wish the flags that would say it.
func (o *interviewOptions) take(w tui.Wish) {
	o.level, o.about = w.Level, w.About
	if w.Topic != "" {
		o.filter.Topics = []string{w.Topic}
	}
}
