package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Journal is an open journal. It is safe for use by several goroutines.
type Journal struct {
	db *sql.DB // at most one connection, so whoever holds it has the journal alone

	// last is the seq of the newest event of each session that this Journal
	// wrote or loaded. Only who holds the connection may touch it.
	last map[string]int64
}

// Open opens the journal at path for reading and writing, and makes the file
// and its folder, both for their owner only, if they are missing. It has
// written to the file when it returns: a folder without permission or a full
// disk is ErrUnwritable here, not after the first answer. A journal of an older
// form is brought up to date after a copy was made beside it; a newer one is
// ErrNewer; any other file is ErrCorrupt.
func Open(ctx context.Context, path string) (*Journal, error) {
	return open(ctx, path, steps())
}

func open(ctx context.Context, path string, steps []string) (*Journal, error) {
	if err := create(path); err != nil {
		return nil, fmt.Errorf("open journal %s: %w: %w", path, ErrUnwritable, err)
	}
	j, err := connect(path, "mode=rw")
	if err != nil {
		return nil, fmt.Errorf("open journal %s: %w", path, err)
	}
	if err := j.prepare(ctx, path, steps); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", path, errors.Join(explain(err), j.Close()))
	}
	return j, nil
}

// OpenReadOnly opens the journal at path for reading. It makes no journal and
// changes nothing that one holds, and works in a read-only folder. A file that
// is missing, or that never held a session, is an error wrapping
// fs.ErrNotExist. Writing through the result is ErrUnwritable.
func OpenReadOnly(ctx context.Context, path string) (*Journal, error) {
	return openReadOnly(ctx, path, len(steps()))
}

func openReadOnly(ctx context.Context, path string, current int) (*Journal, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", path, errors.Unwrap(err))
	}
	// mode=ro would leave its -wal and -shm files behind, because only a
	// connection that may write can tidy up. query_only forbids all writing.
	j, version, err := look(ctx, path, "mode=rw&_query_only=1")
	if errors.Is(explain(err), ErrUnwritable) {
		j, version, err = lookAtStill(ctx, path)
	}
	if e := explain(err); errors.Is(e, ErrCorrupt) {
		err = e // the other kind, ErrUnwritable, is not for a file that we only read
	}
	if err != nil {
		return nil, fmt.Errorf("open journal %s: %w", path, err)
	}
	if err := checkVersion(version, current); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", path, errors.Join(err, j.Close()))
	}
	return j, nil
}

// lookAtStill looks at a journal that stands where nothing can be written. A
// reader of a WAL file shares an index with the writers, in a -shm file that it
// must make if there is none; in a read-only folder it cannot, and SQLite does
// not open the file. immutable=1 says that there is no writer, which is so
// there, and does without. It also ignores what stands in a -wal file, so one
// left by a killed program is an error here rather than answers not shown.
func lookAtStill(ctx context.Context, path string) (*Journal, int, error) {
	wal := path + "-wal"
	if info, err := os.Stat(wal); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return nil, 0, fmt.Errorf("%w, and %s holds entries that cannot be read without", ErrUnwritable, wal)
	}
	return look(ctx, path, "mode=ro&immutable=1")
}

// look connects to the journal at path and reads which version it has.
func look(ctx context.Context, path, mode string) (*Journal, int, error) {
	j, err := connect(path, mode)
	if err != nil {
		return nil, 0, err
	}
	version, err := identify(ctx, j.db)
	if err != nil {
		return nil, 0, errors.Join(err, j.Close())
	}
	return j, version, nil
}

// Close closes the journal. Closing it again does nothing.
func (j *Journal) Close() error { return j.db.Close() }

// Check reads the whole file, which may take a while, and returns ErrCorrupt
// with what it found if the file is damaged.
func (j *Journal) Check(ctx context.Context) error {
	var found string
	if err := j.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("check journal: %w", explain(err))
	}
	if found != "ok" {
		return fmt.Errorf("check journal: %w: %s", ErrCorrupt, strings.TrimSpace(found))
	}
	return nil
}

// create makes the file at path and its folder, unless they are there. A file
// that is there is not opened: closing it would drop the locks that SQLite
// holds on it elsewhere in this process.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect makes a Journal on the file at path; SQLite opens it at first use.
// mode holds the parameters of SQLite's that say how.
func connect(path, mode string) (*Journal, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/… in a URI is /C:/…
	}
	// fullfsync is for macOS, where a plain fsync may stop at the disk's cache.
	// secure_delete wipes what a user deletes.
	query := mode + "&_busy_timeout=5000&_foreign_keys=1&_synchronous=FULL&_dqs=0&_error_rc=1" +
		"&_pragma=fullfsync(1)&_pragma=secure_delete(1)"
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: slashed, RawQuery: query}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &Journal{db: db, last: map[string]int64{}}, nil
}

// hold gives f the one connection. Until f returns, nobody else uses the
// journal through j, nor touches j.last.
func (j *Journal) hold(ctx context.Context, f func(*sql.Conn) error) error {
	conn, err := j.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return f(conn)
}

// read runs f on one unchanging view of the journal.
func (j *Journal) read(ctx context.Context, f func(*sql.Tx) error) error {
	return j.hold(ctx, func(conn *sql.Conn) error {
		tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		return f(tx)
	})
}

// write runs f in a transaction that no other writer can come into. ctx limits
// the wait for our turn; from then on the transaction runs to its end whatever
// happens to ctx, so that an error always means that nothing was stored.
func write(ctx context.Context, conn *sql.Conn, f func(context.Context) error) (err error) {
	steady := context.WithoutCancel(ctx)
	defer func() {
		if err != nil { // after a failed BEGIN too: it may fail for ctx and yet have begun
			_, _ = conn.ExecContext(steady, "ROLLBACK")
		}
	}()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := f(steady); err != nil {
		return err
	}
	_, err = conn.ExecContext(steady, "COMMIT")
	return err
}
