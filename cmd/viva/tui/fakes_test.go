package tui

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// recorder keeps what a journal would.
type recorder struct {
	events []interviewer.Event
	drafts []string
	broken error // Append returns it
}

func (r *recorder) Append(_ context.Context, e interviewer.Event, _ interviewer.Summary) error {
	if r.broken != nil {
		return r.broken
	}
	r.events = append(r.events, e)
	return nil
}

func (r *recorder) SaveDraft(_ context.Context, _, text string) error {
	r.drafts = append(r.drafts, text)
	return nil
}

func (r *recorder) answers() []string {
	var texts []string
	for _, e := range r.events {
		if e.Kind == interviewer.Answered {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

type retriever struct{}

func (retriever) Retrieve(_ context.Context, q content.Question, _ string) (content.Reference, error) {
	return content.Reference{Question: q}, nil
}

type graderFunc func(context.Context, grade.Submission) (grade.Grade, error)

func (f graderFunc) Grade(ctx context.Context, s grade.Submission) (grade.Grade, error) {
	return f(ctx, s)
}

// credits is what the fakes pay for a verdict.
var credits = map[grade.Verdict]float64{grade.Met: 1, grade.Partly: 0.5, grade.Contradicted: -0.5}

// verdicts gives the points of a submission the four verdicts in turn.
func verdicts(kind grade.Kind, name string) graderFunc {
	return func(ctx context.Context, s grade.Submission) (grade.Grade, error) {
		g := grade.Grade{Grader: grade.Grader{Kind: kind, Name: name}, Feedback: "You named the cause. The setting that prevents it is missing."}
		for i, p := range s.Reference.Question.Points {
			v := []grade.Verdict{grade.Met, grade.Missed, grade.Partly, grade.Contradicted}[i%4]
			if s.Only != nil {
				v = grade.Met
			}
			point := grade.PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight, Verdict: v, Credit: credits[v]}
			if v != grade.Missed {
				point.Quote = s.Answer
			}
			g.Points = append(g.Points, point)
		}
		for _, m := range s.Reference.Question.Mistakes {
			g.Mistakes = append(g.Mistakes, grade.MistakeFound{Claim: m.Claim, Fix: m.Fix})
		}
		score, within := grade.Score(g.Points, 0, 100), 9
		g.Score, g.PlusMinus, g.Band = &score, &within, grade.Band(score)
		return g, ctx.Err()
	}
}

// refused is a model's failure that knows what to do about it.
type refused struct{}

func (refused) Error() string { return "ask llama3 at 127.0.0.1:11434: connection refused" }
func (refused) Hint() string  { return "start the server, or answer with --offline" }

func refuse(context.Context, grade.Submission) (grade.Grade, error) {
	return grade.Grade{}, refused{}
}

func coldStart() content.Question {
	return content.Question{
		Bank: content.BuiltinName, ID: "lambda-cold-start", Number: 77, Topic: "lambda", Level: "core",
		Text:    "What is a Lambda cold start, and how do you keep it from hurting users?",
		AskedAs: []string{"first request after a quiet spell takes seconds", "why is the first call slow?", "what makes Lambda wait?"},
		Answer:  "A cold start is the time Lambda takes to create an execution environment.\n\n- **Provisioned concurrency** keeps environments ready.\n- `init` code should be small.\n",
		Points: []content.Point{
			{ID: "what", Text: "A cold start is the time Lambda takes to create an execution environment and run the init code.", Weight: 3},
			{ID: "provisioned", Text: "Provisioned concurrency keeps a number of environments initialised.", Weight: 3},
			{ID: "size", Text: "A small package and little init code make it shorter.", Weight: 2},
			{ID: "vpc", Text: "A VPC no longer adds seconds to it.", Weight: 1},
		},
		Mistakes:  []content.Mistake{{Claim: "Reserved concurrency keeps environments warm.", Fix: "Reserved concurrency caps and guarantees a share."}},
		FollowUps: []content.FollowUp{{Point: "provisioned", Ask: "Which setting keeps a number of environments ready?"}},
		AsOf:      "2026-11", Source: "Lambda Developer Guide",
	}
}

func twoQuestions() interviewer.Plan {
	second := coldStart()
	second.ID, second.Number, second.Topic, second.Level = "s3-classes", 12, "s3", "foundation"
	second.Text = "Which S3 storage classes are there, and what do you pay for when you read?"
	return interviewer.Plan{Questions: []content.Question{coldStart(), second}, FollowUps: 1}
}

// setup is what a screen is made of; its zero value is an offline interview at 80×24.
type setup struct {
	plan     interviewer.Plan
	examiner interviewer.Examiner
	options  Options
	w, h     int
	record   *recorder
	session  *interviewer.Session
}

// screen drives a model as Bubble Tea would, without its goroutines and clock.
type screen struct {
	t    testing.TB
	m    *model
	rec  *recorder
	quit bool
}

func newScreen(t testing.TB, s setup) *screen {
	t.Helper()
	if s.plan.Questions == nil {
		s.plan = twoQuestions()
	}
	if s.examiner.Retriever == nil {
		s.examiner = interviewer.Examiner{Retriever: retriever{}, Estimate: verdicts(grade.ByEstimate, "built-in"), Model: s.examiner.Model, Wait: s.examiner.Wait}
	}
	if s.w == 0 {
		s.w, s.h = 80, 24
	}
	if s.record == nil {
		s.record = &recorder{}
	}
	if s.session == nil {
		var err error
		if s.session, err = interviewer.Start(t.Context(), "2026-11-23-a", s.plan, s.examiner, s.record); err != nil {
			t.Fatalf("Start: %v", err)
		}
	}
	s.options.Title = "viva"
	if s.options.Grader == "" {
		s.options.Grader = "estimate, offline"
	}
	m := newModel(t.Context(), &desk{session: s.session}, s.options)
	m.after = func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }
	sc := &screen{t: t, m: m, rec: s.record}
	sc.send(tea.WindowSizeMsg{Width: s.w, Height: s.h})
	sc.run(m.Init())
	return sc
}

// send gives the model a message and returns its command unrun.
func (s *screen) send(msg tea.Msg) tea.Cmd {
	_, cmd := s.m.Update(msg)
	return cmd
}

// run runs a command and all that follows from it.
func (s *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		s.quit = true
	case tea.BatchMsg:
		for _, c := range msg {
			s.run(c)
		}
	case tickMsg: // tests tell the time themselves
	default:
		s.run(s.send(msg))
	}
}

// press sends keys and runs what they start.
func (s *screen) press(names ...string) {
	for _, name := range names {
		s.run(s.send(keyPress(name)))
	}
}

func (s *screen) write(text string) {
	for _, r := range text {
		s.run(s.send(tea.KeyPressMsg{Code: r, Text: string(r)}))
	}
}

func keyPress(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "f1": tea.KeyF1, "down": tea.KeyDown, "up": tea.KeyUp, "left": tea.KeyLeft, "right": tea.KeyRight,
		"pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "end": tea.KeyEnd, "home": tea.KeyHome, "backspace": tea.KeyBackspace,
	}
	mods := map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "alt+": tea.ModAlt}
	var k tea.KeyPressMsg
	for prefix, mod := range mods {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			k.Mod, name = mod, rest
		}
	}
	if code, ok := codes[name]; ok {
		k.Code = code
		return k
	}
	k.Code = []rune(name)[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

// text is the screen as a reader sees it, without styles.
func (s *screen) text() string {
	lines := strings.Split(ansi.Strip(s.m.View().Content), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func (s *screen) wantPhase(want phase) {
	s.t.Helper()
	if s.m.phase != want {
		s.t.Fatalf("phase = %d, want %d; screen:\n%s", s.m.phase, want, s.text())
	}
}

func (s *screen) wantText(parts ...string) {
	s.t.Helper()
	flat := strings.Join(strings.Fields(s.text()), " ")
	for _, p := range parts {
		if !strings.Contains(flat, p) {
			s.t.Errorf("the screen lacks %q:\n%s", p, s.text())
		}
	}
}

func (s *screen) wantNoText(parts ...string) {
	s.t.Helper()
	flat := strings.Join(strings.Fields(s.text()), " ")
	for _, p := range parts {
		if strings.Contains(flat, p) {
			s.t.Errorf("the screen shows %q:\n%s", p, s.text())
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
