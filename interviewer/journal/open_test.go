package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"viva/interviewer"
)

func writeFile(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// closed makes a journal that holds the session "s", and closes it.
func closed(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "j.db")
	j := openAt(t, path)
	mustAppend(t, j, "s", everyKind()...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// execOn runs statements on the file at path as another program would.
func execOn(t *testing.T, path, statements string) {
	t.Helper()
	j, err := connect(path, "mode=rwc")
	if err != nil {
		t.Fatal(err)
	}
	_, err = j.db.ExecContext(t.Context(), statements)
	if err := errors.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestJournalIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits")
	}
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "j.db")
	j := openAt(t, path)
	mustAppend(t, j, "s", event(interviewer.Started, ""))
	for name, want := range map[string]fs.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("mode of %s = %o, want %o", name, got, want)
		}
	}
}

func TestOpenSetsWhatDurabilityNeeds(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		"secure_delete": "1", "user_version": "1", "application_id": "1986623073",
	} {
		var got string
		if err := j.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); got != want || err != nil {
			t.Errorf("PRAGMA %s = %q, %v, want %q", pragma, got, err, want)
		}
	}
}

func TestManyMayMakeTheJournalAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "j.db")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			j, err := Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestFileThatIsNoJournalIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other, damaged := filepath.Join(dir, "other.db"), filepath.Join(dir, "damaged.db")
	execOn(t, other, "CREATE TABLE cookies (x)")
	whole := readFile(t, closed(t))
	writeFile(t, damaged, whole[:100]+strings.Repeat("\xff", 300)+whole[400:])
	tests := map[string]string{
		"a short text":               "hello",
		"a long text":                strings.Repeat("All work and no play. ", 500),
		"another program's database": readFile(t, other),
		"a damaged journal":          readFile(t, damaged),
		"a cut journal":              whole[:5000],
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "j.db")
			writeFile(t, path, data)
			for what, open := range map[string]func(context.Context, string) (*Journal, error){
				"Open": Open, "OpenReadOnly": OpenReadOnly,
			} {
				_, err := open(t.Context(), path)
				if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) {
					t.Errorf("%s: error = %v, want ErrCorrupt with the path", what, err)
				}
			}
			if readFile(t, path) != data {
				t.Error("the file was changed")
			}
			if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"j.db"}) {
				t.Errorf("files left behind: %v", got)
			}
		})
	}
}

// damagedInside copies a journal and spoils all but page 1, which holds the
// header and the schema.
func damagedInside(t *testing.T, path string) string {
	t.Helper()
	data := []byte(readFile(t, path))
	for i := range data[4096:] {
		data[4096+i] = 0xff
	}
	damaged := filepath.Join(t.TempDir(), "j.db")
	writeFile(t, damaged, string(data))
	return damaged
}

func TestDamageInsideIsFoundByCheckAndByReading(t *testing.T) {
	t.Parallel()
	path := closed(t)
	if err := openAt(t, path).Check(t.Context()); err != nil {
		t.Fatalf("Check of a whole journal: %v", err)
	}
	damaged := damagedInside(t, path)
	j := openAt(t, damaged)
	if err := j.Check(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Check: error = %v, want ErrCorrupt", err)
	}
	if _, err := j.List(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("List: error = %v, want ErrCorrupt", err)
	}
}

func TestNoRoomIsUnwritable(t *testing.T) {
	t.Parallel()
	t.Run("where the folder cannot be made", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		writeFile(t, file, "")
		if _, err := Open(t.Context(), filepath.Join(file, "viva", "j.db")); !errors.Is(err, ErrUnwritable) {
			t.Errorf("Open: error = %v, want ErrUnwritable", err)
		}
	})
	t.Run("where the log cannot be made", func(t *testing.T) {
		t.Parallel()
		path := blocked(t)
		if _, err := Open(t.Context(), path); !errors.Is(err, ErrUnwritable) {
			t.Errorf("Open: error = %v, want ErrUnwritable", err)
		}
	})
	t.Run("in a read-only folder", func(t *testing.T) {
		t.Parallel()
		path := readOnlyFolder(t, closed(t))
		for _, name := range []string{path, filepath.Join(filepath.Dir(path), "new.db")} {
			if _, err := Open(t.Context(), name); !errors.Is(err, ErrUnwritable) {
				t.Errorf("Open(%s): error = %v, want ErrUnwritable", name, err)
			}
		}
	})
}

// blocked returns a closed journal beside which SQLite cannot make its -wal
// file, which holds for root too.
func blocked(t *testing.T) string {
	t.Helper()
	path := closed(t)
	if err := os.Mkdir(path+"-wal", 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// readOnlyFolder takes the right to write from the folder of path.
func readOnlyFolder(t *testing.T, path string) string {
	t.Helper()
	if os.Geteuid() <= 0 { // -1 on Windows
		t.Skip("root may write everywhere")
	}
	dir := filepath.Dir(path)
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	return path
}

func TestFullDiskLosesOnlyWhatWasRefused(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	mustAppend(t, j, "s", event(interviewer.Started, ""))
	if _, err := j.db.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // not below the size it has
		t.Fatal(err)
	}
	long := event(interviewer.Answered, strings.Repeat("x", 100_000))
	if err := j.Append(t.Context(), long, summary("s", 1)); !errors.Is(err, ErrUnwritable) {
		t.Errorf("Append on a full disk: error = %v, want ErrUnwritable", err)
	}
	if _, err := j.db.ExecContext(t.Context(), "PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, "s", long) // the same answer again, once there is room
	if got := len(mustLoad(t, j, "s").Events); got != 2 {
		t.Errorf("%d events, want 2", got)
	}
}

func TestOpenReadOnlyMakesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	writeFile(t, empty, "")
	for _, path := range []string{filepath.Join(dir, "none.db"), filepath.Join(dir, "no", "folder.db"), empty} {
		if _, err := OpenReadOnly(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("OpenReadOnly(%s): error = %v, want fs.ErrNotExist", path, err)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"empty.db"}) {
		t.Errorf("the folder holds %v, want empty.db alone", got)
	}
}

func TestOpenReadOnlyReadsAndChangesNothing(t *testing.T) {
	t.Parallel()
	path := closed(t)
	before := readFile(t, path)
	j, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(mustLoad(t, j, "").Events); got != len(everyKind()) {
		t.Errorf("%d events, want %d", got, len(everyKind()))
	}
	if err := j.Append(t.Context(), event(interviewer.Asked, ""), summary("s", 0)); !errors.Is(err, ErrUnwritable) {
		t.Errorf("Append: error = %v, want ErrUnwritable", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"j.db"}) || readFile(t, path) != before {
		t.Errorf("the folder holds %v, want the journal alone as it was", got)
	}
}

func TestOpenReadOnlySeesWhatAWriterJustCommitted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	writer := openAt(t, path)
	mustAppend(t, writer, "s", event(interviewer.Started, ""))
	reader, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for want := 1; want < 4; want++ {
		if got := len(mustLoad(t, reader, "s").Events); got != want {
			t.Errorf("%d events, want %d", got, want)
		}
		mustAppend(t, writer, "s", event(interviewer.Asked, ""))
	}
}

func TestOpenReadOnlyWorksWhereNothingCanBeMade(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]func(*testing.T) string{
		"the log is blocked":      blocked,
		"the folder is read-only": func(t *testing.T) string { return readOnlyFolder(t, closed(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j, err := OpenReadOnly(t.Context(), place(t))
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			if got := len(mustLoad(t, j, "s").Events); got != len(everyKind()) {
				t.Errorf("%d events, want %d", got, len(everyKind()))
			}
		})
	}
}

func TestOpenReadOnlyDoesNotOverlookALog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	mustAppend(t, openAt(t, path), "s", event(interviewer.Started, "")) // still in j.db-wal
	if _, _, err := lookAtStill(t.Context(), path); !errors.Is(err, ErrUnwritable) || !strings.Contains(err.Error(), "j.db-wal") {
		t.Errorf("error = %v, want ErrUnwritable naming j.db-wal", err)
	}
}

// twoSteps is a future in which sessions have notes.
func twoSteps() []string {
	return append(steps(), "ALTER TABLE sessions ADD COLUMN note TEXT NOT NULL DEFAULT 'none'")
}

func TestOlderJournalIsCopiedAndBroughtUpToDate(t *testing.T) {
	t.Parallel()
	path := closed(t)
	if _, err := openReadOnly(t.Context(), path, 2); !errors.Is(err, ErrOlder) {
		t.Errorf("OpenReadOnly: error = %v, want ErrOlder", err)
	}
	for range 2 { // the second time there is nothing left to do
		j, err := open(t.Context(), path, twoSteps())
		if err != nil {
			t.Fatal(err)
		}
		var note string
		if err := j.db.QueryRowContext(t.Context(), "SELECT note FROM sessions WHERE id = 's'").Scan(&note); note != "none" {
			t.Errorf("note = %q, %v, want none", note, err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"j.db", "j.db.v1.bak"}) {
		t.Errorf("files: %v, want the journal and one copy", got)
	}
	if got := mustLoad(t, openAt(t, path+".v1.bak"), "s"); len(got.Events) != len(everyKind()) {
		t.Errorf("the copy holds %d events, want %d", len(got.Events), len(everyKind()))
	}
}

func TestFailedStepLeavesTheJournalAsItWas(t *testing.T) {
	t.Parallel()
	path := closed(t)
	if _, err := open(t.Context(), path, append(twoSteps(), "ALTER TABLE nowhere ADD COLUMN x")); err == nil {
		t.Fatal("open with a step that fails: no error")
	}
	if got := len(mustLoad(t, openAt(t, path), "s").Events); got != len(everyKind()) {
		t.Errorf("%d events, want %d", got, len(everyKind()))
	}
}

func TestNewerJournalIsRefusedAndLeftAsItIs(t *testing.T) {
	t.Parallel()
	path := closed(t)
	execOn(t, path, "PRAGMA user_version = 2")
	before := readFile(t, path)
	for what, open := range map[string]func(context.Context, string) (*Journal, error){
		"Open": Open, "OpenReadOnly": OpenReadOnly,
	} {
		if _, err := open(t.Context(), path); !errors.Is(err, ErrNewer) {
			t.Errorf("%s: error = %v, want ErrNewer", what, err)
		}
	}
	if readFile(t, path) != before {
		t.Error("the file was changed")
	}
}
