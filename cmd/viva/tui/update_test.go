package tui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

func TestAWholeInterview(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.wantText("Question 1 of 2 · lambda · core", "What is a Lambda cold start")
	s.write(said)
	s.press("ctrl+d")
	s.wantPhase(graded)
	s.press("enter")
	s.wantText("follow-up", "Which setting keeps a number of environments ready?")
	s.write("provisioned")
	s.press("alt+enter")
	s.wantText("this follow-up included")
	s.press("enter")
	s.wantText("Question 2 of 2 · s3 · foundation")
	s.press("ctrl+n", "ctrl+n")
	s.wantPhase(reported)
	s.wantText("skipped", "What was strong")
	s.press("end")
	s.wantText("viva report 2026-11-23-a")
	if s.press("enter"); !s.quit {
		t.Error("Enter does not close the report")
	}
	if diff := cmp.Diff([]string{said, "provisioned"}, s.rec.answers()); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// thinking submits said to a model that answers only when it is told to stop.
func thinking(t *testing.T) (s *screen, reply tea.Cmd) {
	t.Helper()
	su := withModel()
	su.examiner.Model = graderFunc(func(ctx context.Context, _ grade.Submission) (grade.Grade, error) {
		<-ctx.Done()
		return grade.Grade{}, ctx.Err()
	})
	s = newScreen(t, su)
	s.write(said)
	reply = s.send(keyPress("ctrl+d"))
	s.wantPhase(grading)
	return s, reply
}

func TestStoppingKeepsTheText(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"esc", "ctrl+c"} {
		s, reply := thinking(t)
		s.press(key)
		s.wantText("Stopping", said)
		s.run(reply)
		s.wantPhase(failed)
		s.wantText("Grading was stopped.", "What you wrote is kept.", said)
		s.press("c")
		s.wantPhase(asking)
		if got := s.m.box.Value(); got != said {
			t.Errorf("after %s and c: box = %q, want %q", key, got, said)
		}
	}
}

func TestALateReplyIsDropped(t *testing.T) {
	t.Parallel()
	s, _ := thinking(t)
	late := gradedMsg{kept: true, submitted: true}
	s.send(replyMsg{call: s.m.call - 1, turn: s.m.ask.Turn, body: late})
	s.wantPhase(grading)
	s.send(replyMsg{call: s.m.call, turn: s.m.ask.Turn + 1, body: late})
	s.wantPhase(grading)
	s.send(tickMsg{call: s.m.call - 1})
	if !s.m.began.IsZero() {
		t.Error("a late tick was taken in")
	}
	s.send(replyMsg{call: s.m.call, turn: s.m.ask.Turn, body: late})
	s.wantPhase(graded)
	s.send(replyMsg{call: s.m.call, turn: s.m.ask.Turn, body: askedMsg{ok: true}})
	s.wantPhase(graded)
}

func TestKeysThatWouldCallTheSessionWaitForItsReply(t *testing.T) {
	t.Parallel()
	s, _ := thinking(t)
	before := s.m.call
	s.press("enter", "ctrl+d", "ctrl+n", "ctrl+n", "ctrl+t", "ctrl+t", "r", "e")
	if s.m.call != before {
		t.Errorf("%d calls began while one was under way", s.m.call-before)
	}
}

func TestAModelThatFailsLeavesAChoice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		key   string
		phase phase
		text  string
	}{
		{"e estimates", "e", graded, "estimate, no model's judgement"},
		{"r tries again and fails again", "r", failed, "connection refused"},
		{"w goes on", "w", asking, "Question 2 of 2"},
		{"enter goes on", "enter", asking, "Question 2 of 2"},
		{"c opens the answer again", "c", asking, said},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, withoutModel())
			s.write(said)
			s.press("ctrl+d")
			s.wantText("connection refused", "→ start the server")
			s.press(tt.key)
			s.wantPhase(tt.phase)
			s.wantText(tt.text)
		})
	}
}

func TestAnswersWithoutAGradeAreOfferedOneAtTheEnd(t *testing.T) {
	t.Parallel()
	s := newScreen(t, withoutModel())
	s.write(said)
	s.press("ctrl+d", "w", "ctrl+n", "ctrl+n")
	s.wantPhase(failed)
	s.wantText("1 answer has no grade yet.")
	s.press("w")
	s.wantPhase(reported)
	s.wantText("no grade yet")
}

func TestAModelThatFailedIsNamedBesideTheEstimate(t *testing.T) {
	t.Parallel()
	su := withoutModel()
	su.examiner.Wait = false
	su.h, su.w = 40, 80
	s := newScreen(t, su)
	s.write(said)
	s.press("ctrl+d")
	s.wantText("estimate, because the model could not grade", "connection refused", "→ start the server")
}

func TestAnExamShowsNoGradeBeforeItsReport(t *testing.T) {
	t.Parallel()
	su := offline()
	su.plan = twoQuestions()
	su.plan.Exam = true
	s := newScreen(t, su)
	s.write(said)
	s.press("ctrl+d")
	s.wantText("Question 2 of 2 · exam")
	s.wantNoText("met", "weak")
	s.press("ctrl+t")
	s.wantText("An exam gives no hints")
	s.write("x")
	s.press("ctrl+d")
	s.wantPhase(reported)
	s.wantText("39 weak")
}

func TestAnAnswerThatCannotBeRecordedStaysInTheBox(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.write(said)
	s.rec.broken = errors.New("disk full")
	s.press("ctrl+d")
	s.wantPhase(asking)
	s.wantText("The interview cannot be recorded: disk full.", said)
	s.rec.broken = nil
	s.press("ctrl+d")
	s.wantPhase(graded)
}

func TestAnInterviewThatCannotBeginSaysWhy(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	session, err := interviewer.Start(t.Context(), "x", twoQuestions(), interviewer.Examiner{}, rec)
	if err != nil {
		t.Fatal(err)
	}
	rec.broken = errors.New("disk full")
	s := newScreen(t, setup{session: session, record: rec})
	s.wantPhase(failed)
	s.wantText("disk full", "try again")
	rec.broken = nil
	s.press("r")
	s.wantPhase(asking)
}

func TestResumingGradesWhatWaitsFirst(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	down := interviewer.Examiner{Retriever: retriever{}, Model: graderFunc(refuse), Wait: true}
	old := newScreen(t, setup{examiner: down, record: rec})
	old.write(said)
	old.press("ctrl+d", "ctrl+c", "ctrl+c")

	up := interviewer.Examiner{Retriever: retriever{}, Model: verdicts(grade.ByModel, "llama3")}
	session := interviewer.Resume(interviewer.Record{ID: "x", Events: rec.events}, up, rec)
	s := newScreen(t, setup{session: session, record: rec, options: Options{Draft: "half a thought"}})
	s.wantPhase(graded)
	s.wantText("graded by llama3")
	s.press("enter")
	s.wantText("follow-up", "half a thought")
}

func TestAQuestionWithoutReferenceIsKeptUngraded(t *testing.T) {
	t.Parallel()
	su := offline()
	su.plan = interviewer.Plan{Questions: []content.Question{{Bank: "mine", ID: "q", Text: "Why us?"}}}
	s := newScreen(t, su)
	s.write("Because.")
	s.press("ctrl+d")
	s.wantText("Kept, and not graded")
	s.press("a")
	s.wantText("The bank has no reference answer")
	s.press("enter")
	s.wantPhase(reported)
	s.wantText("kept, not graded")
}

func TestTheDraftIsSavedWhileItChanges(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.run(s.send(draftTickMsg{}))
	s.write("half a")
	s.run(s.send(draftTickMsg{}))
	s.run(s.send(draftTickMsg{}))
	s.write(" thought")
	s.run(s.send(draftTickMsg{}))
	s.press("ctrl+d")
	if diff := cmp.Diff([]string{"half a", "half a thought", ""}, s.rec.drafts); diff != "" {
		t.Errorf("drafts (-want +got):\n%s", diff)
	}
}

func TestACallWaitsForTheDraft(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.write("a")
	saving := s.send(draftTickMsg{})
	s.press("ctrl+d")
	if got := s.rec.answers(); got != nil {
		t.Fatalf("answers = %q while the draft is being saved", got)
	}
	s.run(saving)
	s.wantPhase(graded)
}

func TestAPasteNeverSubmits(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.send(tea.PasteMsg{Content: "one\r\n\x04two\x1b[31m\tthree\n"})
	s.wantPhase(asking)
	if got, want := s.m.box.Value(), "one\ntwo[31m    three"; got != want {
		t.Errorf("box = %q, want %q", got, want)
	}
	s.send(tea.PasteMsg{Content: strings.Repeat("x", interviewer.MaxAnswer)})
	s.wantText("The paste was left out")
	s.press("ctrl+d")
	if diff := cmp.Diff([]string{"one\ntwo[31m    three"}, s.rec.answers()); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestTheEditorBringsTheTextBack(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.send(tea.EnvMsg{"EDITOR=ed"})
	s.write("before")
	msg, ok := s.send(keyPress("ctrl+o"))().(editMsg)
	if !ok || msg.err != nil {
		t.Fatalf("ctrl+o gives %+v", msg)
	}
	t.Cleanup(func() { _ = os.Remove(msg.path) })
	if got, err := os.ReadFile(msg.path); string(got) != "before" || err != nil {
		t.Errorf("the editor's file holds %q, %v; want %q", got, err, "before")
	}
	s.send(editedMsg{err: errors.New("the editor crashed")})
	s.wantText("The editor crashed.", "before")
	s.send(editedMsg{text: "after\n"})
	if got := s.m.box.Value(); got != "after" {
		t.Errorf("box = %q, want %q", got, "after")
	}
}

func TestRunLeavesTheSessionOpen(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	x := interviewer.Examiner{Retriever: retriever{}, Estimate: verdicts(grade.ByEstimate, "built-in")}
	s, err := interviewer.Start(t.Context(), "x", twoQuestions(), x, rec)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	report, done, err := Run(t.Context(), s, Options{Title: "viva", NoColor: true, Input: strings.NewReader("\x03\x03"), Output: &out})
	if err != nil || done || report.State != interviewer.Open {
		t.Errorf("Run = state %s, done %v, error %v; want open, false, nil", report.State, done, err)
	}
	if found := regexp.MustCompile(`\x1b\[(\d+;)*([349]\d|10\d)[\d;]*m|\x1b\]1[01]`).FindString(out.String()); found != "" {
		t.Errorf("the colour sequence %q without colour", found)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s, err := interviewer.Start(t.Context(), "x", twoQuestions(), interviewer.Examiner{}, &recorder{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, done, err := Run(ctx, s, Options{Input: strings.NewReader(""), Output: &bytes.Buffer{}})
	if done || !errors.Is(err, context.Canceled) {
		t.Errorf("Run = done %v, error %v; want false, context canceled", done, err)
	}
}

func TestASubmittedTextIsNoDraft(t *testing.T) {
	t.Parallel()
	r := interviewer.Report{Turns: []interviewer.ReportTurn{{Answers: []interviewer.ReportAnswer{{Text: "a"}}}}}
	for text, want := range map[string]bool{"a": true, "a\n": true, "b": false, "": false} {
		if got := submitted(r, text); got != want {
			t.Errorf("submitted(%q) = %v, want %v", text, got, want)
		}
	}
}
