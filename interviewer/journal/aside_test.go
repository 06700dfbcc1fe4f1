package journal

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"viva/interviewer"
)

func TestSetAsideMakesRoom(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	writeFile(t, path, "broken")
	writeFile(t, path+"-wal", "log")
	aside, err := setAside(path, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"j.db.corrupt-20261123-110000", "j.db.corrupt-20261123-110000-wal"}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, want) || filepath.Base(aside) != want[0] {
		t.Errorf("setAside = %s, leaving %v, want %v", aside, got, want)
	}
	openAt(t, path)
	if _, err := setAside(path, noon); !errors.Is(err, fs.ErrExist) {
		t.Errorf("setAside on a name that is taken: error = %v, want fs.ErrExist", err)
	}
}

func TestADamagedJournalIsKeptBesideTheNewOne(t *testing.T) {
	t.Parallel()
	notOurs := filepath.Join(t.TempDir(), "j.db")
	writeFile(t, notOurs, "hello")
	for name, path := range map[string]string{"no journal": notOurs, "damaged inside": damagedInside(t, closed(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := readFile(t, path)
			writeFile(t, path+"-shm", "")
			j, aside, err := OpenNew(t.Context(), path, noon)
			if err != nil {
				t.Fatal(err)
			}
			mustAppend(t, j, "new", event(interviewer.Started, ""))
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			const want = "j.db.corrupt-20261123-110000"
			got := slices.DeleteFunc(names(t, filepath.Dir(path)), func(name string) bool { return name == want+"-shm" })
			if !slices.Equal(got, []string{"j.db", want, "j.db.lock"}) || filepath.Base(aside) != want {
				t.Errorf("OpenNew kept %s, leaving %v, want %s", aside, got, want)
			}
			if page1 := min(4096, len(before)); readFile(t, aside)[page1:] != before[page1:] {
				t.Error("the damaged file was changed beyond its header")
			}
			if ids, err := openAt(t, path).IDs(t.Context()); !slices.Equal(ids, []string{"new"}) {
				t.Errorf("the new journal holds %v, %v, want new", ids, err)
			}
		})
	}
}

func TestAWholeJournalIsNotSetAside(t *testing.T) {
	t.Parallel()
	path := closed(t)
	j, aside, err := OpenNew(t.Context(), path, noon)
	if err != nil || aside != "" {
		t.Fatalf("OpenNew = %q, %v", aside, err)
	}
	defer j.Close()
	if ids, err := j.IDs(t.Context()); !slices.Equal(ids, []string{"s"}) {
		t.Errorf("it holds %v, %v, want s alone", ids, err)
	}
	execOn(t, path, "PRAGMA user_version = 2")
	if _, _, err := OpenNew(t.Context(), path, noon); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer one: error = %v, want ErrNewer", err)
	}
	if got := names(t, filepath.Dir(path)); slices.ContainsFunc(got, func(n string) bool { return strings.Contains(n, "corrupt") }) {
		t.Errorf("files: %v", got)
	}
}

func TestOneOfManySetsADamagedJournalAside(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	writeFile(t, path, strings.Repeat("All work and no play. ", 500))
	var asides sync.Map
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			j, aside, err := OpenNew(context.WithoutCancel(t.Context()), path, noon)
			if err != nil {
				t.Error(err)
				return
			}
			if aside != "" {
				asides.Store(n, aside)
			}
			if err := j.Append(t.Context(), event(interviewer.Started, ""), summary(string(rune('a'+n)), 0)); err != nil {
				t.Error(err)
			}
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	count := 0
	asides.Range(func(_, _ any) bool { count++; return true })
	if count != 1 {
		t.Errorf("%d of them set it aside, want one", count)
	}
	if ids, err := openAt(t, path).IDs(t.Context()); len(ids) != 8 {
		t.Errorf("the new journal holds %v, %v, want all 8 sessions", ids, err)
	}
}
