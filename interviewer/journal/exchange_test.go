package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"viva/interviewer"
)

// line is the JSON form of e as cmd/viva writes it.
func line(t *testing.T, e Exported) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func mustExport(t *testing.T, j *Journal, id string) Exported {
	t.Helper()
	e, err := j.Export(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// full makes a journal with the session "s", in which everything happened and
// something is being typed.
func full(t *testing.T) *Journal {
	t.Helper()
	j := newJournal(t)
	mustAppend(t, j, "s", everyKind()...)
	if err := j.SaveDraft(t.Context(), "s", "so far\x00 <b>\u2028 日本"); err != nil {
		t.Fatal(err)
	}
	return j
}

func TestAnExportedSessionComesBackByteForByte(t *testing.T) {
	t.Parallel()
	here, there := full(t), newJournal(t)
	text := line(t, mustExport(t, here, "s"))
	e, err := ParseExported([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} { // the second time there is nothing left to do
		if added, err := there.Import(t.Context(), e); added != want || err != nil {
			t.Errorf("Import = %v, %v, want %v", added, err, want)
		}
	}
	if got := line(t, mustExport(t, there, "s")); got != text {
		t.Errorf("exported again:\n%s\nwant\n%s", got, text)
	}
	for _, table := range []string{"sessions", "events"} {
		if got, want := rowsOf(t, there, table), rowsOf(t, here, table); got != want {
			t.Errorf("%s there:\n%s\nwant as here:\n%s", table, got, want)
		}
	}
}

// rowsOf is all that a table holds.
func rowsOf(t *testing.T, j *Journal, table string) string {
	t.Helper()
	columns := map[string]string{
		"sessions": "id, started, state, questions, answered, score, grader, hex(draft)",
		"events":   "session, seq, at, kind, hex(body)",
	}[table]
	var all string
	err := j.db.QueryRowContext(t.Context(), "SELECT group_concat(row, char(10)) FROM (SELECT json_array("+columns+
		") AS row FROM "+table+" ORDER BY row)").Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestASessionWrittenOtherwiseIsTheSame(t *testing.T) {
	t.Parallel()
	j := full(t)
	var loose any // keys sorted, other escapes
	if err := json.Unmarshal([]byte(line(t, mustExport(t, j, "s"))), &loose); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(loose, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	e, err := ParseExported(text)
	if err != nil {
		t.Fatal(err)
	}
	if added, err := j.Import(t.Context(), e); added || err != nil {
		t.Errorf("Import = %v, %v, want false and no error", added, err)
	}
}

func TestASessionWithOtherContentIsRefusedAndStays(t *testing.T) {
	t.Parallel()
	j := full(t)
	before := line(t, mustExport(t, j, "s"))
	for what, change := range map[string]func(*Exported){
		"another draft":   func(e *Exported) { e.Draft = "x" },
		"one event less":  func(e *Exported) { e.Events = e.Events[:len(e.Events)-1] },
		"another answer":  func(e *Exported) { e.Events[3] = json.RawMessage(`{"kind":"answered","text":"better"}`) },
		"another score":   func(e *Exported) { n := 99; e.Score = &n },
		"one answer more": func(e *Exported) { e.Answered++ },
		"a field of other": func(e *Exported) {
			e.Events[1] = json.RawMessage(`{"at":"2026-11-23T12:00:00Z","kind":"asked","mood":1}`)
		},
	} {
		e := mustExport(t, j, "s")
		change(&e)
		if added, err := j.Import(t.Context(), e); added || !errors.Is(err, ErrDiffers) || !strings.Contains(err.Error(), "session s") {
			t.Errorf("%s: Import = %v, %v, want ErrDiffers naming s", what, added, err)
		}
	}
	if got := line(t, mustExport(t, j, "s")); got != before {
		t.Errorf("the session became\n%s\nwant\n%s", got, before)
	}
}

func TestAnImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	e := mustExport(t, full(t), "s")
	j := newJournal(t)
	if _, err := j.db.ExecContext(t.Context(), `CREATE TRIGGER stop BEFORE INSERT ON events WHEN new.seq = 5
		BEGIN SELECT raise(ABORT, 'stop'); END`); err != nil {
		t.Fatal(err)
	}
	if added, err := j.Import(t.Context(), e); added || err == nil {
		t.Fatalf("Import = %v, %v, want an error", added, err)
	}
	if ids, err := j.IDs(t.Context()); len(ids) > 0 || err != nil {
		t.Errorf("IDs = %v, %v, want none", ids, err)
	}
	if _, err := j.db.ExecContext(t.Context(), "DROP TRIGGER stop"); err != nil {
		t.Fatal(err)
	}
	if added, err := j.Import(t.Context(), e); !added || err != nil {
		t.Errorf("Import once nothing stops it = %v, %v, want true", added, err)
	}
}

func TestAnImportedSessionGoesOn(t *testing.T) {
	t.Parallel()
	e := mustExport(t, full(t), "s")
	j := newJournal(t)
	if _, err := j.Import(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	n := len(mustLoad(t, j, "s").Events)
	mustAppend(t, j, "s", event(interviewer.Asked, ""))
	if got := len(mustLoad(t, j, "s").Events); got != n+1 {
		t.Errorf("%d events, want %d", got, n+1)
	}
}

func TestALineThatIsNoSessionIsRefusedInWords(t *testing.T) {
	t.Parallel()
	const head = `{"format":"viva-session","version":1,`
	const started = `"events":[{"at":"2026-11-23T12:00:00Z","kind":"started","plan":{}}]`
	for text, want := range map[string]string{
		`{`:                                     "unexpected",
		`[]`:                                    "a JSON array instead of an object",
		`{}`:                                    `its format is "", and should be "viva-session"`,
		`{"format":"viva-session"}`:             "its version is 0",
		`{"format":"viva-session","version":2}`: "written by a newer viva",
		head + `"mood":1}`:                      `unknown field "mood"`,
		head + `"session":3}`:                   `"session" cannot be a number`,
		head + `"session":"s"} {}`:              "after top-level value",
		head + `"session":""}`:                  "no session's name",
		head + `"session":"a\u001b[2J"}`:        "no session's name",
		head + `"session":"s","state":"open"}`:  "it has no events",
		head + `"session":"s","state":"open","events":[{"kind":"asked"}]}`:                 "does not begin with a plan",
		head + `"session":"s","state":"open","events":[7]}`:                                "event 1:",
		head + `"session":"s","state":"lost",` + started + `}`:                             `its state is "lost"`,
		head + `"session":"s","state":"open","questions":1,"answered":-2,` + started + `}`: "-2 of 1 questions answered",
		head + `"session":"s","state":"open","score":101,` + started + `}`:                 "its score is 101",
		head + `"session":"s","state":"open","grader":"me",` + started + `}`:               `the grader "me"`,
	} {
		if _, err := ParseExported([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseExported(%s): error = %v, want %q in it", text, err, want)
		}
	}
	if _, err := ParseExported([]byte(`{"format":"viva-session","version":2}`)); !errors.Is(err, ErrNewer) {
		t.Errorf("a later version: error = %v, want ErrNewer", err)
	}
}

func FuzzParseExported(f *testing.F) {
	f.Add([]byte(`{"format":"viva-session","version":1,"session":"s","started":"2026-11-23T12:00:00Z","state":"open","questions":1,"answered":0,` +
		`"score":null,"grader":"","draft":"","events":[{"at":"2026-11-23T12:00:00Z","kind":"started","turn":0,"plan":{"questions":[],"follow_ups":1}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseExported(data)
		if err != nil {
			return
		}
		j := openAt(t, filepath.Join(t.TempDir(), "j.db"))
		if _, err := j.Import(t.Context(), e); err != nil {
			t.Fatalf("what was parsed is not imported: %v", err)
		}
		if added, err := j.Import(t.Context(), e); added || err != nil {
			t.Errorf("the second time: %v, %v, want false", added, err)
		}
		first := line(t, mustExport(t, j, e.Session))
		again, err := ParseExported([]byte(first))
		if err != nil {
			t.Fatalf("what was exported is not parsed: %v\n%s", err, first)
		}
		if second := line(t, again); second != first {
			t.Errorf("written again:\n%s\nwant\n%s", second, first)
		}
	})
}

func TestAnUnreadableSessionIsNotExported(t *testing.T) {
	t.Parallel()
	j := full(t)
	if _, err := j.db.ExecContext(t.Context(), "UPDATE events SET body = 'oops' WHERE seq = 4"); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Export(t.Context(), "s"); !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "event 4") {
		t.Errorf("Export: error = %v, want ErrUnreadable naming event 4", err)
	}
	if _, err := j.Export(t.Context(), "t"); !errors.Is(err, ErrUnknownSession) {
		t.Errorf("Export of none: error = %v, want ErrUnknownSession", err)
	}
}
