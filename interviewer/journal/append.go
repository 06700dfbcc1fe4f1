package journal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"viva/interviewer"
)

var _ interviewer.Recorder = (*Journal)(nil)

// timeLayout is RFC 3339 with all nine decimals, so that texts sort as times.
const timeLayout = "2006-01-02T15:04:05.000000000Z07:00"

// NewID makes the id of a session that starts at at, in UTC, such as
// 20261123-091205-k3f7. Ids sort by time and are unique; a beginning that no
// other id shares is enough for Load.
func NewID(at time.Time) string {
	return at.UTC().Format("20060102-150405-") + strings.ToLower(rand.Text()[:4])
}

// Append stores e as the next event of s.Session, and s as its summary; both
// are on disk when it returns nil, and neither is on an error. The first event
// of a session makes it. An event that ends the typing (an answer, a skip, the
// finish) forgets the draft. A session that holds another last event than the
// one this Journal wrote or loaded is ErrConflict.
func (j *Journal) Append(ctx context.Context, e interviewer.Event, s interviewer.Summary) error {
	if err := j.append(ctx, e, s); err != nil {
		return fmt.Errorf("append %q to session %q: %w", e.Kind, s.Session, explain(err))
	}
	return nil
}

func (j *Journal) append(ctx context.Context, e interviewer.Event, s interviewer.Summary) error {
	if s.Session == "" {
		return errors.New("the summary names no session")
	}
	return j.hold(ctx, func(conn *sql.Conn) error {
		seq := j.last[s.Session] + 1
		err := write(ctx, conn, func(ctx context.Context) error {
			if err := j.ownsEnd(ctx, conn, s.Session); err != nil {
				return err
			}
			return put(ctx, conn, seq, e, s)
		})
		if err == nil { // not sooner: a commit may fail too
			j.last[s.Session] = seq
		}
		return err
	})
}

// put writes e as event seq of its session, and what follows from it.
func put(ctx context.Context, conn *sql.Conn, seq int64, e interviewer.Event, s interviewer.Summary) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := putSummary(ctx, conn, s); err != nil {
		return err
	}
	if endsTyping(e.Kind) {
		if err := putDraft(ctx, conn, s.Session, ""); err != nil {
			return err
		}
	}
	return putEvent(ctx, conn, s.Session, stored{seq, e, body})
}

// stored is an event with its place in the session and its JSON form.
type stored struct {
	seq   int64
	event interviewer.Event
	body  []byte
}

func putEvent(ctx context.Context, conn *sql.Conn, session string, e stored) error {
	_, err := conn.ExecContext(ctx, "INSERT INTO events (session, seq, at, kind, body) VALUES (?, ?, ?, ?, ?)",
		session, e.seq, e.event.At.UTC().Format(timeLayout), e.event.Kind, string(e.body))
	return err
}

func endsTyping(k interviewer.EventKind) bool {
	return k == interviewer.Answered || k == interviewer.Skipped || k == interviewer.Finished
}

// SaveDraft keeps the text being typed in session; "" forgets it. Like Append
// it is ErrConflict if someone else has gone on with the session.
func (j *Journal) SaveDraft(ctx context.Context, session, text string) error {
	err := j.hold(ctx, func(conn *sql.Conn) error {
		return write(ctx, conn, func(ctx context.Context) error {
			if err := j.ownsEnd(ctx, conn, session); err != nil {
				return err
			}
			return putDraft(ctx, conn, session, text)
		})
	})
	if err != nil {
		return fmt.Errorf("save draft of session %q: %w", session, explain(err))
	}
	return nil
}

// Delete removes a session, named by its whole id, and all that was said in it.
func (j *Journal) Delete(ctx context.Context, session string) error {
	err := j.hold(ctx, func(conn *sql.Conn) error {
		err := write(ctx, conn, func(ctx context.Context) error {
			return changeOne(conn.ExecContext(ctx, "DELETE FROM sessions WHERE id = ?", session))
		})
		if err == nil {
			delete(j.last, session)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete session %q: %w", session, explain(err))
	}
	return nil
}

// ownsEnd returns ErrConflict unless the last event of the session is the one
// this Journal wrote or loaded last.
func (j *Journal) ownsEnd(ctx context.Context, q querier, session string) error {
	var last int64
	err := q.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM events WHERE session = ?", session).Scan(&last)
	if err != nil {
		return err
	}
	if last != j.last[session] {
		return ErrConflict
	}
	return nil
}

func putSummary(ctx context.Context, conn *sql.Conn, s interviewer.Summary) error {
	_, err := conn.ExecContext(ctx, `
		INSERT INTO sessions (id, started, state, questions, answered, score, grader)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET started = excluded.started, state = excluded.state,
			questions = excluded.questions, answered = excluded.answered,
			score = excluded.score, grader = excluded.grader`,
		s.Session, s.Started.UTC().Format(timeLayout), s.State, s.Questions, s.Answered, s.Score, s.Grader)
	return err
}

func putDraft(ctx context.Context, conn *sql.Conn, session, text string) error {
	return changeOne(conn.ExecContext(ctx, "UPDATE sessions SET draft = ? WHERE id = ?", text, session))
}

// changeOne returns ErrUnknownSession for a statement that found no row.
func changeOne(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrUnknownSession
}
