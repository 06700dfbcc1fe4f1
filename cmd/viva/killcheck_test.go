package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viva/interviewer"
	"viva/interviewer/journal"
)

// check compares what the journal holds after the kill, and where resume
// stands, with what was seen before it.
func (v *victim) check(t *testing.T) {
	t.Helper()
	rec, ok := v.stored(t)
	if !ok {
		if v.asked > 0 {
			t.Errorf("%v: a question was shown, and there is no session", v)
		}
		return
	}
	answers := v.checkAnswers(t, rec)
	v.checkDraft(t, rec.Draft, answers)
	v.checkResume(t, rec, answers)
}

// stored loads the only session; ok is false where there is none.
func (v *victim) stored(t *testing.T) (rec interviewer.Record, ok bool) {
	t.Helper()
	j, err := journal.OpenReadOnly(t.Context(), filepath.Join(v.home, "data", "viva", "journal.db"))
	if errors.Is(err, fs.ErrNotExist) {
		return rec, false
	}
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	defer j.Close()
	if err := j.Check(t.Context()); err != nil {
		t.Errorf("%v: %v", v, err)
	}
	ids, err := j.IDs(t.Context())
	if err != nil || len(ids) > 1 {
		t.Fatalf("%v: sessions %v, %v", v, ids, err)
	}
	if len(ids) == 0 {
		return rec, false
	}
	if rec, err = j.Load(t.Context(), ids[0]); err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	return rec, true
}

// checkAnswers wants every answer that was seen to be taken, and returns how
// many there are.
func (v *victim) checkAnswers(t *testing.T, rec interviewer.Record) (answers int) {
	t.Helper()
	grades := 0
	for _, e := range rec.Events {
		switch e.Kind {
		case interviewer.Answered:
			if got, want := strings.Fields(e.Text), wordsOf(v.typed[e.Turn]); e.Turn != answers || !slices.Equal(got, want) {
				t.Errorf("%v: answer %d is %v to question %d, want %v", v, answers+1, got, e.Turn+1, want)
			}
			answers++
		case interviewer.Graded:
			grades++
		}
	}
	taken := max(v.graded, v.reachedModel())
	if answers < taken || answers > v.submitted || grades < v.graded {
		t.Errorf("%v: %d answers and %d grades are stored; %d were submitted, %d taken and %d graded before it",
			v, answers, grades, v.submitted, taken, v.graded)
	}
	return answers
}

func wordsOf(typed []word) []string {
	var list []string
	for _, w := range typed {
		list = append(list, w.text)
	}
	return list
}

// reachedModel counts the answers that the model was shown, so that they were
// accepted before.
func (v *victim) reachedModel() int {
	if v.model == nil {
		return 0
	}
	shown := 0
	for _, r := range v.model.Requests() {
		for turn := range questions {
			if strings.Contains(r.Text(), nextWord(turn, 0)) {
				shown = max(shown, turn+1)
			}
		}
	}
	return shown
}

// checkDraft wants the draft to hold what was typed since the last answer, up
// to the last two seconds.
func (v *victim) checkDraft(t *testing.T, draft string, answers int) {
	t.Helper()
	got := strings.Fields(draft)
	if answers > 0 && slices.Equal(got, wordsOf(v.typed[answers-1])) {
		got = nil // saved while its answer was, and known to be no draft
	}
	if answers == len(questions) {
		if len(got) > 0 {
			t.Errorf("%v: everything is answered, and there is a draft: %v", v, got)
		}
		return
	}
	typed, old := wordsOf(v.typed[answers]), 0
	for _, w := range v.typed[answers] {
		if w.at.Before(v.killed.Add(-draftAge)) {
			old++
		}
	}
	if n := len(got); n > 0 && n <= len(typed) && strings.HasPrefix(typed[n-1], got[n-1]) {
		got[n-1] = typed[n-1] // a word may be half typed
	}
	if len(got) < old || len(got) > len(typed)+1 || !slices.Equal(got[:min(len(got), len(typed))], typed[:min(len(got), len(typed))]) {
		t.Errorf("%v: the draft holds %d words, %v; %d of %d are older than %v", v, len(got), got, old, len(typed), draftAge)
	}
}

// checkResume wants resume to stand at the first question without an answer,
// with every answer before it graded, and the interview to be over after the last.
func (v *victim) checkResume(t *testing.T, rec interviewer.Record, answers int) {
	t.Helper()
	if v.asked > answers+1 {
		t.Errorf("%v: question %d was shown with %d answers stored", v, v.asked, answers)
	}
	if interviewer.BuildReport(rec).State == interviewer.Done {
		return
	}
	args := []string{"resume", "--plain"}
	if v.model != nil {
		args = append(args, "--base-url", v.model.URL, "--model", "test-model")
	}
	out, said, code := runToEnd(t, v.home, "", args...)
	stands := ""
	for l := range strings.Lines(out) {
		if strings.HasPrefix(l, "Question") {
			stands = strings.TrimSpace(l)
		}
	}
	want := ""
	if answers < len(questions) {
		text := strings.Join(strings.Fields(rec.Events[0].Plan.Questions[answers].Text), " ")
		want = fmt.Sprintf("Question %d of %d: %s", answers+1, len(questions), text)
	}
	if code != exitDone || want != "" && stands != want || want == "" && !strings.Contains(out, "\nReport:") && !strings.HasPrefix(out, "Report:") {
		t.Errorf("%v: resume stands at %q, want %q; exit code %d\n%s%s", v, stands, want, code, out, said)
	}
	after, _ := v.stored(t)
	if report := interviewer.BuildReport(after); len(report.Turns) < answers || after.Draft != rec.Draft && answers < len(questions) {
		t.Errorf("%v: after resume %d questions, draft %q, want %q", v, len(report.Turns), after.Draft, rec.Draft)
	} else {
		for n, turn := range report.Turns[:answers] {
			if turn.Answers[0].Grade == nil {
				t.Errorf("%v: after resume answer %d has no grade", v, n+1)
			}
		}
	}
}
