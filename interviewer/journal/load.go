package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"viva/interviewer"
)

// Load returns the record of a session, given its id or as much of its
// beginning as no other id shares; "" is the session started last. An id that
// is not there is ErrUnknownSession, a beginning that several share is
// ErrAmbiguous. After ErrUnreadable the record holds all the other events; it
// can be shown, but not gone on with.
func (j *Journal) Load(ctx context.Context, session string) (interviewer.Record, error) {
	var r interviewer.Record
	err := j.read(ctx, func(tx *sql.Tx) error {
		var err error
		if r.ID, err = find(ctx, tx, session); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT draft FROM sessions WHERE id = ?", r.ID).Scan(&r.Draft); err != nil {
			return err
		}
		var last int64
		if r.Events, last, err = events(ctx, tx, r.ID); err != nil {
			return err
		}
		j.last[r.ID] = last
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("load session %q: %w", session, explain(err))
	}
	return r, nil
}

// Find returns the whole id of a session, named as for Load.
func (j *Journal) Find(ctx context.Context, session string) (id string, err error) {
	err = j.read(ctx, func(tx *sql.Tx) error {
		id, err = find(ctx, tx, session)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("find session %q: %w", session, explain(err))
	}
	return id, nil
}

// find returns the id that session stands for.
func find(ctx context.Context, q querier, session string) (string, error) {
	if session == "" {
		return newest(ctx, q)
	}
	ids, err := idsWith(ctx, q, session)
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", fmt.Errorf("%w: %q", ErrUnknownSession, session)
	case len(ids) > 1 && ids[0] != session: // sorted, so the id itself would come first
		return "", fmt.Errorf("%w: %s", ErrAmbiguous, someOf(ids))
	}
	return ids[0], nil
}

func newest(ctx context.Context, q querier) (string, error) {
	var id string
	err := q.QueryRowContext(ctx, "SELECT id FROM sessions ORDER BY started DESC, id DESC LIMIT 1").Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("%w: there is none yet", ErrUnknownSession)
	}
	return id, err
}

// idsWith returns the ids that begin with prefix, sorted.
func idsWith(ctx context.Context, q querier, prefix string) ([]string, error) {
	rows, err := q.QueryContext(ctx, "SELECT id FROM sessions WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id", prefix)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// texts reads the one column of rows and closes them.
func texts(rows *sql.Rows) ([]string, error) {
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// someOf lists ids for a message, five of them at most.
func someOf(ids []string) string {
	const most = 5
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}

// events returns the events of a session in order, and the seq of the last. An
// event that does not decode is left out and named in the error.
func events(ctx context.Context, q querier, id string) ([]interviewer.Event, int64, error) {
	rows, err := q.QueryContext(ctx, "SELECT seq, body FROM events WHERE session = ? ORDER BY seq", id)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	var list []interviewer.Event
	var last int64
	var faults []error
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&last, &body); err != nil {
			return list, 0, errors.Join(append(faults, err)...)
		}
		var e interviewer.Event
		if err := json.Unmarshal(body, &e); err != nil {
			faults = append(faults, fmt.Errorf("event %d: %w: %w", last, ErrUnreadable, err))
			continue
		}
		list = append(list, e)
	}
	return list, last, errors.Join(append(faults, rows.Err())...)
}

// NewestOpen returns the id of the session started last among those that can go
// on, or "" if there is none.
func (j *Journal) NewestOpen(ctx context.Context) (string, error) {
	var id string
	err := j.db.QueryRowContext(ctx,
		"SELECT id FROM sessions WHERE state = ? ORDER BY started DESC, id DESC LIMIT 1", interviewer.Open).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find the newest open session: %w", explain(err))
	}
	return id, nil
}

// List returns the summaries of all sessions, newest first; their times are in
// UTC. After ErrUnreadable the list holds all the other sessions.
func (j *Journal) List(ctx context.Context) ([]interviewer.Summary, error) {
	list, err := summaries(ctx, j.db)
	if err != nil {
		return list, fmt.Errorf("list sessions: %w", explain(err))
	}
	return list, nil
}

func summaries(ctx context.Context, q querier) ([]interviewer.Summary, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id, started, state, questions, answered, score, grader
		FROM sessions ORDER BY started DESC, id DESC`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []interviewer.Summary
	var faults []error
	for rows.Next() {
		var s interviewer.Summary
		var started string
		err := rows.Scan(&s.Session, &started, &s.State, &s.Questions, &s.Answered, &s.Score, &s.Grader)
		if err != nil {
			return list, errors.Join(append(faults, err)...)
		}
		if s.Started, err = time.Parse(timeLayout, started); err != nil {
			faults = append(faults, fmt.Errorf("session %q: %w: %w", s.Session, ErrUnreadable, err))
			continue
		}
		list = append(list, s)
	}
	return list, errors.Join(append(faults, rows.Err())...)
}
