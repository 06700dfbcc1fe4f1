package journal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.FixedZone("", 3600))

func openAt(t testing.TB, path string) *Journal {
	t.Helper()
	j, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return j
}

func newJournal(t testing.TB) *Journal {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "viva", "journal.db"))
}

// summary is what a session looks like after n answers.
func summary(id string, n int) interviewer.Summary {
	return interviewer.Summary{Session: id, Started: noon, State: interviewer.Open, Questions: 5, Answered: n}
}

func event(kind interviewer.EventKind, text string) interviewer.Event {
	return interviewer.Event{At: noon, Kind: kind, Text: text}
}

func mustAppend(t testing.TB, j *Journal, id string, events ...interviewer.Event) {
	t.Helper()
	for n, e := range events {
		if err := j.Append(t.Context(), e, summary(id, n)); err != nil {
			t.Fatal(err)
		}
	}
}

func mustLoad(t testing.TB, j *Journal, id string) interviewer.Record {
	t.Helper()
	r, err := j.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// everyKind is an interview in which everything happens.
func everyKind() []interviewer.Event {
	score, number := 62, 77
	question := content.Question{
		Bank: "aws", ID: "lambda-cold-start", Number: number, Topic: "lambda", Text: "What is a cold start?",
		AskedAs: []string{"lambda slow to start"}, Answer: "The *init* <code>…",
		Points:   []content.Point{{ID: "what", Text: "It boots", Weight: 3, Say: []string{"boots a container"}}},
		Mistakes: []content.Mistake{{Claim: "a", Fix: "b"}},
		Pos:      content.Pos{File: "lambda.yaml", Line: 3},
	}
	graded := grade.Grade{
		ID: "abc", Question: "lambda-cold-start", Number: &number, Score: &score, Band: "fair",
		Grader: grade.Grader{Kind: grade.ByModel, Name: "m"},
		Points: []grade.PointGrade{{ID: "what", Weight: 3, Verdict: grade.Partly, Quote: "it boots", Credit: 0.53}},
		Flags:  []grade.Flag{grade.FlagEvidence}, Feedback: "Good.",
		Made: grade.Provenance{At: noon, Prompt: "judge/3", Milliseconds: 812},
	}
	plan := interviewer.Plan{Questions: []content.Question{question}, FollowUps: 1, Exam: true, BankVersion: "0123456789ab"}
	return []interviewer.Event{
		{At: noon, Kind: interviewer.Started, Plan: &plan},
		{At: noon.Add(1), Kind: interviewer.Asked},
		{At: noon.Add(2), Kind: interviewer.Hinted, Text: "Think of the first request."},
		{At: noon.Add(3), Kind: interviewer.Answered, Text: "It boots.\n\t\"ünï\" <b>&amp; \u2028 日本"},
		{At: noon.Add(4), Kind: interviewer.Graded, Grade: &graded},
		{At: noon.Add(5), Kind: interviewer.Disputed, Point: "what", Text: "I said so", Grade: &graded},
		{At: noon.Add(6), Kind: interviewer.Asked, Turn: 4, Point: "what"},
		{At: noon.Add(7), Kind: interviewer.Skipped, Turn: 4},
		{At: noon.Add(8), Kind: interviewer.Finished},
	}
}

func TestRecordComesBackAsItWasAppended(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "odd name?#100%", "j.db")
	id := NewID(noon)
	j := openAt(t, path)
	mustAppend(t, j, id, everyKind()...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	got := mustLoad(t, openAt(t, path), id)
	want := interviewer.Record{ID: id, Events: everyKind()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load after closing and opening (-want +got):\n%s", diff)
	}
}

func TestListIsNewestFirst(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	score := 62
	b := interviewer.Summary{Session: "b", Started: noon, State: interviewer.Open, Questions: 5}
	a := interviewer.Summary{Session: "a", Started: noon.Add(time.Nanosecond), State: interviewer.Done,
		Questions: 2, Answered: 2, Score: &score, Grader: grade.ByModel}
	c := interviewer.Summary{Session: "c", Started: noon.Add(-time.Hour), State: interviewer.Open, Questions: 1}
	for _, s := range []interviewer.Summary{b, a, c} {
		if err := j.Append(t.Context(), event(interviewer.Started, ""), s); err != nil {
			t.Fatal(err)
		}
	}
	b.Answered = 1 // a summary is the one of the last event
	if err := j.Append(t.Context(), event(interviewer.Answered, "x"), b); err != nil {
		t.Fatal(err)
	}

	got, err := j.List(t.Context())
	if diff := cmp.Diff([]interviewer.Summary{a, b, c}, got); diff != "" || err != nil {
		t.Errorf("List: error %v, (-want +got):\n%s", err, diff)
	}
	if got, err := j.NewestOpen(t.Context()); got != "b" || err != nil {
		t.Errorf("NewestOpen = %q, %v, want b", got, err)
	}
	if got := mustLoad(t, j, "").ID; got != "a" {
		t.Errorf("Load of the newest: %q, want a", got)
	}
}

func TestEmptyJournalHoldsNothing(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	if list, err := j.List(t.Context()); len(list) != 0 || err != nil {
		t.Errorf("List = %v, %v, want nothing", list, err)
	}
	if id, err := j.NewestOpen(t.Context()); id != "" || err != nil {
		t.Errorf("NewestOpen = %q, %v, want nothing", id, err)
	}
	if _, err := j.Load(t.Context(), ""); !errors.Is(err, ErrUnknownSession) {
		t.Errorf("Load of the newest: error = %v, want ErrUnknownSession", err)
	}
}

func TestLoadTakesTheBeginningOfAnID(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for _, id := range []string{"20261123-0912-k3f7", "20261123-0912-k3f7x", "20261124-1000-aaaa"} {
		mustAppend(t, j, id, event(interviewer.Started, ""))
	}
	tests := []struct {
		name, session, want string
		err                 error
	}{
		{"a beginning of one", "20261124", "20261124-1000-aaaa", nil},
		{"the whole id", "20261124-1000-aaaa", "20261124-1000-aaaa", nil},
		{"an id that begins another", "20261123-0912-k3f7", "20261123-0912-k3f7", nil},
		{"a beginning of several", "202611", "", ErrAmbiguous},
		{"no beginning", "k3f7", "", ErrUnknownSession},
		{"a pattern is not expanded", "2026112%", "", ErrUnknownSession},
		{"longer than any", "20261124-1000-aaaaa", "", ErrUnknownSession},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := j.Load(t.Context(), tt.session)
			if r.ID != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("Load(%q) = %q, %v, want %q, %v", tt.session, r.ID, err, tt.want, tt.err)
			}
			if errors.Is(tt.err, ErrAmbiguous) && !strings.Contains(err.Error(), "20261123-0912-k3f7, 20261123-0912-k3f7x") {
				t.Errorf("Load(%q): error %q does not name the candidates", tt.session, err)
			}
		})
	}
}

func TestDraftIsKeptUntilTheTypingEnds(t *testing.T) {
	t.Parallel()
	const text = "so far\x00 …"
	tests := []struct {
		kind interviewer.EventKind
		want string
	}{
		{interviewer.Asked, text},
		{interviewer.Hinted, text},
		{interviewer.Graded, text},
		{interviewer.Answered, ""},
		{interviewer.Skipped, ""},
		{interviewer.Finished, ""},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			j := newJournal(t)
			mustAppend(t, j, "s", event(interviewer.Started, ""))
			for _, draft := range []string{"older", text} {
				if err := j.SaveDraft(t.Context(), "s", draft); err != nil {
					t.Fatal(err)
				}
			}
			mustAppend(t, j, "s", event(tt.kind, ""))
			if got := mustLoad(t, j, "s").Draft; got != tt.want {
				t.Errorf("draft after %s = %q, want %q", tt.kind, got, tt.want)
			}
		})
	}
}

func TestWritingToNoSessionIsRefused(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	if err := j.SaveDraft(t.Context(), "s", "x"); !errors.Is(err, ErrUnknownSession) {
		t.Errorf("SaveDraft: error = %v, want ErrUnknownSession", err)
	}
	if err := j.Append(t.Context(), event(interviewer.Started, ""), interviewer.Summary{}); err == nil {
		t.Error("Append without a session: no error")
	}
}

func TestTwoJournalsAppendSideBySide(t *testing.T) {
	t.Parallel()
	const n = 40
	path := filepath.Join(t.TempDir(), "j.db")
	var wg sync.WaitGroup
	for _, id := range []string{"one", "two"} {
		j := openAt(t, path)
		wg.Go(func() {
			for i := range n {
				if err := j.Append(t.Context(), event(interviewer.Answered, fmt.Sprint(i)), summary(id, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, id := range []string{"one", "two"} {
		events := mustLoad(t, openAt(t, path), id).Events
		if len(events) != n {
			t.Errorf("session %s holds %d events, want %d", id, len(events), n)
		}
		for i, e := range events {
			if e.Text != fmt.Sprint(i) {
				t.Errorf("session %s, event %d: text = %s", id, i, e.Text)
			}
		}
	}
}

func TestOneJournalServesManyGoroutines(t *testing.T) {
	t.Parallel()
	const n = 20
	j := newJournal(t)
	mustAppend(t, j, "s", event(interviewer.Started, ""))
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			err := errors.Join(
				j.Append(t.Context(), event(interviewer.Asked, ""), summary("s", i)),
				j.SaveDraft(t.Context(), "s", "x"))
			if _, errLoad := j.Load(t.Context(), "s"); err != nil || errLoad != nil {
				t.Error(err, errLoad)
			}
		})
	}
	wg.Wait()
	if got := len(mustLoad(t, j, "s").Events); got != n+1 {
		t.Errorf("the session holds %d events, want %d", got, n+1)
	}
}

func TestSessionGoneOnElsewhereIsAConflict(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	first, second := openAt(t, path), openAt(t, path)
	answer := event(interviewer.Answered, "lost?")
	mustAppend(t, first, "s", event(interviewer.Started, ""))

	conflict := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, ErrConflict) {
			t.Errorf("%s: error = %v, want ErrConflict", what, err)
		}
	}
	conflict("Append to a session never loaded", second.Append(t.Context(), answer, summary("s", 9)))
	mustLoad(t, second, "s")
	mustAppend(t, second, "s", event(interviewer.Asked, ""))
	conflict("Append after another's", first.Append(t.Context(), answer, summary("s", 9)))
	conflict("SaveDraft after another's event", first.SaveDraft(t.Context(), "s", "typed"))

	if r := mustLoad(t, first, "s"); len(r.Events) != 2 || r.Draft != "" {
		t.Errorf("after refused writes: %d events, draft %q, want 2 and none", len(r.Events), r.Draft)
	}
	list, err := first.List(t.Context())
	if diff := cmp.Diff([]interviewer.Summary{summary("s", 0)}, list); diff != "" || err != nil {
		t.Errorf("List after refused writes: error %v, (-want +got):\n%s", err, diff)
	}
	mustAppend(t, first, "s", answer) // it has loaded it now
}

func TestDeletedSessionIsGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j, other := openAt(t, path), openAt(t, path)
	mustAppend(t, j, "s", everyKind()...)
	mustAppend(t, j, "kept", event(interviewer.Started, ""))
	if err := other.Delete(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	if err := other.Delete(t.Context(), "ke"); !errors.Is(err, ErrUnknownSession) {
		t.Errorf("Delete of a beginning: error = %v, want ErrUnknownSession", err)
	}
	if _, err := j.Load(t.Context(), "s"); !errors.Is(err, ErrUnknownSession) {
		t.Errorf("Load: error = %v, want ErrUnknownSession", err)
	}
	if err := j.Append(t.Context(), event(interviewer.Asked, ""), summary("s", 0)); !errors.Is(err, ErrConflict) {
		t.Errorf("Append to a session deleted elsewhere: error = %v, want ErrConflict", err)
	}
	var left int
	if err := j.db.QueryRowContext(t.Context(), "SELECT count(*) FROM events").Scan(&left); left != 1 || err != nil {
		t.Errorf("%d events are left (%v), want 1", left, err)
	}
	mustAppend(t, other, "s", everyKind()...) // as an import of what was exported
}

func TestUnreadableRowsAreReportedAndKept(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	mustAppend(t, j, "s", everyKind()...)
	mustAppend(t, j, "t", event(interviewer.Started, ""))
	for _, q := range []string{
		`UPDATE events SET body = '{"at":' WHERE session = 's' AND seq = 3`,
		`UPDATE sessions SET started = 'soon' WHERE id = 's'`,
	} {
		if _, err := j.db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}

	r, err := j.Load(t.Context(), "s")
	if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "event 3") {
		t.Errorf("Load: error = %v, want ErrUnreadable naming event 3", err)
	}
	if diff := cmp.Diff(slices.Delete(everyKind(), 2, 3), r.Events); diff != "" {
		t.Errorf("the other events (-want +got):\n%s", diff)
	}
	list, err := j.List(t.Context())
	if !errors.Is(err, ErrUnreadable) || len(list) != 1 || list[0].Session != "t" {
		t.Errorf("List = %v, %v, want t and ErrUnreadable", list, err)
	}
	var rows int
	if err := j.db.QueryRowContext(t.Context(), "SELECT count(*) FROM events WHERE session = 's'").Scan(&rows); rows != len(everyKind()) {
		t.Errorf("%d rows are left (%v), want %d", rows, err, len(everyKind()))
	}
}

func TestCancelledCallStoresNothing(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	mustAppend(t, j, "s", event(interviewer.Started, ""))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Append(ctx, event(interviewer.Asked, ""), summary("s", 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("Append: error = %v, want context.Canceled", err)
	}
	mustAppend(t, j, "s", event(interviewer.Answered, "x"))
	if got := len(mustLoad(t, j, "s").Events); got != 2 {
		t.Errorf("%d events, want 2", got)
	}
}

func TestWaitForAnotherWriterEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j, other := openAt(t, path), openAt(t, path)
	mustAppend(t, j, "s", event(interviewer.Started, ""))
	if _, err := other.db.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := j.Append(ctx, event(interviewer.Asked, ""), summary("s", 0)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Append while another writes: error = %v, want context.DeadlineExceeded", err)
	}
	if _, err := other.db.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, "s", event(interviewer.Asked, ""))
}

func TestNewIDsSortByTimeAndDiffer(t *testing.T) {
	t.Parallel()
	var ids []string
	for i := range 100 {
		ids = append(ids, NewID(noon.Add(time.Duration(i)*time.Minute)))
	}
	if !slices.IsSorted(ids) || !strings.HasPrefix(ids[0], "20261123-110000-") || len(ids[0]) != 20 {
		t.Errorf("ids of later and later times: %v", ids)
	}
	if a, b := NewID(noon), NewID(noon); a == b {
		t.Errorf("two ids of one moment are both %s", a)
	}
}

func BenchmarkAppend(b *testing.B) {
	j := newJournal(b)
	mustAppend(b, j, "s", everyKind()[0])
	answer := event(interviewer.Answered, strings.Repeat("Provisioned concurrency keeps them warm. ", 20))
	for b.Loop() {
		if err := j.Append(b.Context(), answer, summary("s", 1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "j.db")
	j := openAt(b, path)
	for i := range 200 {
		mustAppend(b, j, fmt.Sprint("s", i), everyKind()...)
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		j, err := Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
