package journal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"viva/interviewer"
)

// childEnv makes the test binary a program that answers until it is killed:
// the journal's path is its value, the session its first argument.
const childEnv = "VIVA_JOURNAL_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		fmt.Fprintln(os.Stderr, answerForever(context.Background(), path, os.Args[1]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// answerForever prints the number of each answer once it is stored.
func answerForever(ctx context.Context, path, session string) error {
	j, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		text := fmt.Sprint(n)
		if err := j.SaveDraft(ctx, session, text); n > 0 && err != nil {
			return err
		}
		if err := j.Append(ctx, event(interviewer.Answered, text), summary(session, n)); err != nil {
			return err
		}
		fmt.Println(text)
	}
}

func TestKilledWriterLosesNothingItReported(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	for run := range 10 {
		session := fmt.Sprintf("run-%d", run)
		reported := answerUntilKilled(t, path, session, 1+rand.IntN(40))
		j := openAt(t, path)
		r := mustLoad(t, j, session)
		if len(r.Events) < reported {
			t.Errorf("run %d: %d answers were reported, %d are there", run, reported, len(r.Events))
		}
		for n, e := range r.Events {
			if e.Text != fmt.Sprint(n) {
				t.Errorf("run %d: event %d is answer %s", run, n, e.Text)
			}
		}
		mustAppend(t, j, session, event(interviewer.Finished, "")) // and it goes on
		if err := j.Check(t.Context()); err != nil {
			t.Errorf("run %d: %v", run, err)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
}

// answerUntilKilled runs the child, kills it after so many answers, in whatever
// it is doing by then, and returns how many it reported in all.
func answerUntilKilled(t *testing.T, path, session string, after int) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], session)
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, n := bufio.NewReader(out), 0
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break
		}
		if err != nil || line != fmt.Sprintln(n) {
			t.Fatalf("the child printed %q (%v), want %d", line, err, n)
		}
		if n++; n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || n < after {
		t.Fatalf("the child ended by itself after %d answers", n)
	}
	return n
}
