package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"viva/interviewer"
)

// OpenNew opens the journal at path as Open does, for an interview that starts
// at at. A damaged one, or a file that is no journal, is kept beside the new one
// that it makes room for, and aside is its new name; "" where nothing was wrong.
func OpenNew(ctx context.Context, path string, at time.Time) (j *Journal, aside string, err error) {
	unlock, err := lock(ctx, path)
	if err != nil {
		return nil, "", fmt.Errorf("open journal %s: %w", path, explain(err))
	}
	defer unlock()
	j, err = openSound(ctx, path, at)
	if !errors.Is(err, ErrCorrupt) {
		return j, "", err
	}
	if aside, err = setAside(path, at); err != nil {
		return nil, "", err
	}
	j, err = Open(ctx, path)
	return j, aside, err
}

// openSound is Open with a rehearsal of what an interview writes first, because
// Open does not come to the pages that hold the sessions.
func openSound(ctx context.Context, path string, at time.Time) (*Journal, error) {
	j, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	done := errors.New("rolled back")
	err = j.hold(ctx, func(conn *sql.Conn) error {
		return write(ctx, conn, func(ctx context.Context) error {
			s := interviewer.Summary{Session: NewID(at), Started: at, State: interviewer.Open}
			if err := put(ctx, conn, 1, interviewer.Event{At: at, Kind: interviewer.Started}, s); err != nil {
				return err
			}
			return done
		})
	})
	if !errors.Is(err, done) {
		return nil, fmt.Errorf("open journal %s: %w", path, errors.Join(explain(err), j.Close()))
	}
	return j, nil
}

// lock keeps other programs from opening the journal at path with OpenNew until
// unlock is called. One that had the damaged file open while it is renamed would
// take the new one's log for its own, and delete it. The lock is one of SQLite's
// on an empty file beside the journal, which stays there: it ends with the
// program that holds it, whatever ends that.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	path += ".lock"
	if err := create(path); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	l, err := connect(path, "mode=rw")
	if err != nil {
		return nil, err
	}
	if _, err := l.db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return func() { _ = l.Close() }, nil
}

// setAside renames the journal at path, with the files that belong to it, so
// that a new one can be made there, and returns the new name. No program may
// have it open.
func setAside(path string, at time.Time) (string, error) {
	aside := path + ".corrupt-" + at.UTC().Format("20060102-150405")
	if _, err := os.Lstat(aside); err == nil {
		return "", fmt.Errorf("set journal aside: %s: %w", aside, fs.ErrExist)
	}
	// The journal goes last: a -wal left alone would be taken for the new one's.
	for _, part := range []string{"-wal", "-shm", ""} {
		err := os.Rename(path+part, aside+part)
		if err != nil && (part == "" || !errors.Is(err, fs.ErrNotExist)) {
			return "", fmt.Errorf("set journal aside: %w: %w", ErrUnwritable, err)
		}
	}
	return aside, nil
}
