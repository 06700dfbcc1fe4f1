package journal

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var (
	// ErrNewer reports a journal written by a newer program. It is left as it is.
	ErrNewer = errors.New("written by a newer viva")

	// ErrOlder reports a journal of an older form, which OpenReadOnly may not
	// touch. Open brings it up to date.
	ErrOlder = errors.New("written by an older viva")

	// ErrCorrupt reports a file that is damaged or is no journal at all. It is
	// left as it is; OpenNew makes room for a new one.
	ErrCorrupt = errors.New("not a readable journal")

	// ErrUnwritable reports that nothing can be stored: a folder or file
	// without permission, a full or read-only disk.
	ErrUnwritable = errors.New("cannot be written")

	// ErrUnknownSession reports a session that the journal does not hold.
	ErrUnknownSession = errors.New("unknown session")

	// ErrAmbiguous reports the beginning of more than one session's id.
	ErrAmbiguous = errors.New("more than one session")

	// ErrConflict reports a session that someone else has written to, or that
	// this Journal never loaded. Nothing was stored; Load tells what happened.
	ErrConflict = errors.New("the interview went on in another window: leave it here, and viva resume goes on")

	// ErrDiffers reports a session to import that the journal holds already,
	// with other content.
	ErrDiffers = errors.New("it is here already with other content")

	// ErrUnreadable reports a row that does not decode. The row is kept, and
	// all the others are returned beside this error.
	ErrUnreadable = errors.New("unreadable entry")
)

// explain puts the sentinel that fits before an error of SQLite's.
func explain(err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	switch se.Code() {
	case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC,
		sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_DELETE, sqlite3.SQLITE_IOERR_LOCK,
		sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP:
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	return err
}

// isBusy reports whether err means that another program holds the file.
func isBusy(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&0xff == sqlite3.SQLITE_BUSY
}
