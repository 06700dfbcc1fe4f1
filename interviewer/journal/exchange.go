package journal

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// Format and version of what Export returns, in its JSON form.
const (
	exportFormat  = "viva-session"
	exportVersion = 1
)

// Exported is a session outside of any journal, with all that one holds of it.
// Its JSON form is stable: one object, on one line in a file of many.
//
//	{"format":"viva-session","version":1,
//	 "session":"…","started":"RFC 3339","state":"open|done","questions":2,"answered":1,"score":62,"grader":"estimate",
//	 "draft":"what was being typed","events":[{"at":"…","kind":"started",…},…]}
//
// The second line of it is [interviewer.Summary], the events are those of
// [interviewer.Event] in the order they happened, as the journal holds them.
type Exported struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	interviewer.Summary
	Draft  string            `json:"draft"`
	Events []json.RawMessage `json:"events"`
}

// Export returns a session, named as for Load. One with an event that does not
// decode is ErrUnreadable: it could not be put back as it was.
func (j *Journal) Export(ctx context.Context, session string) (Exported, error) {
	var e Exported
	err := j.read(ctx, func(tx *sql.Tx) error {
		id, err := find(ctx, tx, session)
		if err != nil {
			return err
		}
		e, err = export(ctx, tx, id)
		return err
	})
	if err != nil {
		return e, fmt.Errorf("export session %q: %w", session, explain(err))
	}
	return e, nil
}

// export returns the session with the whole id.
func export(ctx context.Context, q querier, id string) (Exported, error) {
	e := Exported{Format: exportFormat, Version: exportVersion}
	var started string
	err := q.QueryRowContext(ctx, `
		SELECT id, started, state, questions, answered, score, grader, draft
		FROM sessions WHERE id = ?`, id).
		Scan(&e.Session, &started, &e.State, &e.Questions, &e.Answered, &e.Score, &e.Grader, &e.Draft)
	if err != nil {
		return e, err
	}
	if e.Started, err = time.Parse(timeLayout, started); err != nil {
		return e, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	e.Events, err = bodies(ctx, q, id)
	return e, err
}

// bodies returns the events of a session as they are stored, in order.
func bodies(ctx context.Context, q querier, id string) ([]json.RawMessage, error) {
	rows, err := q.QueryContext(ctx, "SELECT seq, body FROM events WHERE session = ? ORDER BY seq", id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []json.RawMessage{}
	for rows.Next() {
		var seq int64
		var body []byte
		if err := rows.Scan(&seq, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(body, new(interviewer.Event)); err != nil {
			return nil, fmt.Errorf("event %d: %w: %w", seq, ErrUnreadable, err)
		}
		list = append(list, body)
	}
	return list, rows.Err()
}

// IDs returns the ids of all sessions, oldest first, those included that List
// cannot read.
func (j *Journal) IDs(ctx context.Context) ([]string, error) {
	var ids []string
	err := j.read(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM sessions ORDER BY started, id")
		if err != nil {
			return err
		}
		ids, err = texts(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", explain(err))
	}
	return ids, nil
}

// ParseExported reads a session from its JSON form. The error says what keeps
// it from being one: ErrNewer for a later version of the form.
func ParseExported(line []byte) (Exported, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return Exported{}, faultOf(err)
	}
	switch {
	case head.Format != exportFormat:
		return Exported{}, fmt.Errorf("no exported interview: its format is %q, and should be %q", head.Format, exportFormat)
	case head.Version > exportVersion:
		return Exported{}, newer(head.Version, exportVersion)
	case head.Version < 1:
		return Exported{}, fmt.Errorf("no exported interview: its version is %d", head.Version)
	}
	var e Exported
	whole := json.NewDecoder(bytes.NewReader(line))
	whole.DisallowUnknownFields() // what we do not know we could not keep
	if err := whole.Decode(&e); err != nil {
		return e, faultOf(err)
	}
	return e, e.check()
}

// faultOf words an error of the decoder's for a reader who knows no Go.
func faultOf(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "":
		return fmt.Errorf("no exported interview: a JSON %s instead of an object", wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("no exported interview: %q cannot be a %s", strings.TrimPrefix(wrong.Field, "Summary."), wrong.Value)
	}
	return fmt.Errorf("no exported interview: %s", strings.TrimPrefix(err.Error(), "json: "))
}

// check says why e cannot have come from a journal.
func (e Exported) check() error {
	if e.Session == "" || len(e.Session) > 100 || strings.ContainsFunc(e.Session, oddInID) {
		return fmt.Errorf("%q is no session's name", e.Session)
	}
	for n, body := range e.Events {
		var event interviewer.Event
		if err := json.Unmarshal(body, &event); err != nil {
			return fmt.Errorf("session %s: event %d: %w", e.Session, n+1, faultOf(err))
		}
		if n == 0 && (event.Kind != interviewer.Started || event.Plan == nil) {
			return fmt.Errorf("session %s: it does not begin with a plan", e.Session)
		}
	}
	switch {
	case len(e.Events) == 0:
		return fmt.Errorf("session %s: it has no events", e.Session)
	case e.State != interviewer.Open && e.State != interviewer.Done:
		return fmt.Errorf("session %s: its state is %q, and should be open or done", e.Session, e.State)
	case e.Questions < 0 || e.Answered < 0:
		return fmt.Errorf("session %s: it cannot have %d of %d questions answered", e.Session, e.Answered, e.Questions)
	case e.Score != nil && (*e.Score < 0 || *e.Score > 100):
		return fmt.Errorf("session %s: its score is %d, and should be from 0 to 100", e.Session, *e.Score)
	case !knownGrader(e.Grader):
		return fmt.Errorf("session %s: nobody knows the grader %q", e.Session, e.Grader)
	}
	return nil
}

func oddInID(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

func knownGrader(k grade.Kind) bool {
	return k == "" || k == grade.ByModel || k == grade.ByEstimate || k == interviewer.ByBoth
}

// Import stores a session that ParseExported returned, wholly or not at all.
// added is false where the journal holds the same already. One that it holds
// with other content is ErrDiffers, and stays as it is.
func (j *Journal) Import(ctx context.Context, e Exported) (added bool, err error) {
	err = j.hold(ctx, func(conn *sql.Conn) error {
		return write(ctx, conn, func(ctx context.Context) error {
			here, err := export(ctx, conn, e.Session)
			if errors.Is(err, sql.ErrNoRows) {
				added = true
				return putExported(ctx, conn, e)
			}
			if err == nil && !here.same(e) || errors.Is(err, ErrUnreadable) {
				return ErrDiffers
			}
			return err
		})
	})
	if err != nil {
		return false, fmt.Errorf("import session %s: %w", e.Session, explain(err))
	}
	return added, nil
}

func putExported(ctx context.Context, conn *sql.Conn, e Exported) error {
	if err := putSummary(ctx, conn, e.Summary); err != nil {
		return err
	}
	if err := putDraft(ctx, conn, e.Session, e.Draft); err != nil {
		return err
	}
	for n, body := range e.Events {
		var event interviewer.Event
		if err := json.Unmarshal(body, &event); err != nil {
			return err
		}
		if err := putEvent(ctx, conn, e.Session, stored{int64(n + 1), event, body}); err != nil {
			return err
		}
	}
	return nil
}

// same reports whether both hold the same, however their JSON is written.
func (e Exported) same(other Exported) bool {
	var values [2]any
	for i, x := range []Exported{e, other} {
		x.Started = x.Started.UTC()
		text, err := json.Marshal(x)
		if err != nil || json.Unmarshal(text, &values[i]) != nil {
			return false
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}
