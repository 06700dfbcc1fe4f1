package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// applicationID marks a SQLite file as a journal of ours: "viva" in ASCII.
const applicationID = 0x76697661

// steps returns the statements that turn version n of the schema into n+1, at
// index n; version 0 is an empty file. A released step never changes.
func steps() []string { return []string{createTables} }

const createTables = `
CREATE TABLE sessions (
	id        TEXT PRIMARY KEY NOT NULL,
	started   TEXT NOT NULL,             -- timeLayout, UTC: sorts as it reads
	state     TEXT NOT NULL,
	questions INTEGER NOT NULL,
	answered  INTEGER NOT NULL,
	score     INTEGER,                   -- NULL: nothing is graded yet
	grader    TEXT NOT NULL,
	draft     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX sessions_started ON sessions (started);
CREATE TABLE events (
	session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	seq     INTEGER NOT NULL,            -- 1, 2, 3 … in each session
	at      TEXT NOT NULL,
	kind    TEXT NOT NULL,
	body    TEXT NOT NULL,               -- interviewer.Event as JSON
	PRIMARY KEY (session, seq)
) STRICT;`

// querier is what reads: a *sql.DB, *sql.Conn or *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// identify returns the version of the file's schema, 0 for an empty file. It
// reads the header and the schema, so it also fails on most damaged files.
func identify(ctx context.Context, q querier) (int, error) {
	var id, version, tables int
	err := q.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&id, &version, &tables)
	if err != nil {
		return 0, err
	}
	if id == 0 && version == 0 && tables == 0 {
		return 0, nil
	}
	if id != applicationID {
		return 0, fmt.Errorf("%w: it is another program's database", ErrCorrupt)
	}
	return version, nil
}

// checkVersion says why a program that knows version current cannot read version.
func checkVersion(version, current int) error {
	switch {
	case version > current:
		return newer(version, current)
	case version == 0:
		return fmt.Errorf("nothing was ever written to it: %w", fs.ErrNotExist)
	case version < current:
		return fmt.Errorf("%w (form %d, this one reads %d)", ErrOlder, version, current)
	}
	return nil
}

func newer(version, current int) error {
	return fmt.Errorf("%w (form %d, this one knows %d)", ErrNewer, version, current)
}

// prepare proves that the file at path is a journal and can be written, and
// brings it up to date.
func (j *Journal) prepare(ctx context.Context, path string, steps []string) error {
	// Look before the first write: another program's file stays untouched.
	version, err := identify(ctx, j.db)
	if err != nil {
		return err
	}
	if version > len(steps) {
		return newer(version, len(steps))
	}
	if err := j.useWAL(ctx); err != nil {
		return err
	}
	return j.hold(ctx, func(conn *sql.Conn) error {
		return write(ctx, conn, func(ctx context.Context) error {
			return migrate(ctx, conn, path, steps)
		})
	})
}

// migrate takes the steps that are still to be taken. It runs in a transaction,
// and looks at the version again because another program may have been faster.
func migrate(ctx context.Context, conn *sql.Conn, path string, steps []string) error {
	version, err := identify(ctx, conn)
	if err != nil {
		return err
	}
	if version > len(steps) {
		return newer(version, len(steps))
	}
	if 0 < version && version < len(steps) {
		if err := backUp(ctx, path, version); err != nil {
			return fmt.Errorf("copy it before bringing it up to date: %w", err)
		}
	}
	for n, step := range steps[version:] {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("bring it from form %d to %d: %w", version+n, version+n+1, err)
		}
	}
	// Stamped even where nothing changed: this is the write that proves we can.
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(steps)))
	return err
}

// backUp copies the journal at path to PATH.v<version>.bak. It reads through a
// connection of its own, since the caller's is in the transaction that keeps
// writers out meanwhile.
func backUp(ctx context.Context, path string, version int) error {
	name := fmt.Sprintf("%s.v%d.bak", path, version)
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone by its new name if all went well
	if err := tmp.Close(); err != nil {
		return err
	}
	src, err := connect(path, "mode=rw")
	if err != nil {
		return err
	}
	_, err = src.db.ExecContext(ctx, "VACUUM INTO ?", tmp.Name())
	if err := errors.Join(err, src.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// useWAL switches the file to write-ahead logging, which it keeps from then on.
// A file system without shared memory stays in the mode it has, as durable.
func (j *Journal) useWAL(ctx context.Context) error {
	for wait := time.Millisecond; ; wait *= 2 {
		_, err := j.db.ExecContext(ctx, "PRAGMA journal_mode = WAL")
		// SQLite does not wait for its turn here where two programs would wait
		// for each other, as when both have just made the file.
		if !isBusy(err) || wait > 2*time.Second {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
