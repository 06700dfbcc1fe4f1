package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runToEnd runs viva and returns what it wrote and its exit code.
func runToEnd(t *testing.T, home, stdin string, args ...string) (out, said string, code int) {
	t.Helper()
	cmd := viva(t, home, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// homeWithOne is a home in which one interview was held, and its journal.
func homeWithOne(t *testing.T) (home, file string) {
	t.Helper()
	home = t.TempDir()
	if _, said, code := runToEnd(t, home, "EBS survives a stop.\n.\n", "--question", "ebs-vs-instance-store", "--follow-ups", "0"); code != 0 {
		t.Fatalf("the first interview: %s", said)
	}
	return home, filepath.Join(home, "data", "viva", "journal.db")
}

func overwrite(t *testing.T, file string, at int64, text string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte(text), at)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestAJournalThatCannotBeUsedIsOneSentenceAndAHint(t *testing.T) {
	t.Parallel()
	const userVersion = 60 // where it stands in the file's header
	for name, test := range map[string]struct {
		spoil       func(t *testing.T, file string)
		cause, next string
		reading     bool // fails too
	}{
		"damaged": {
			func(t *testing.T, file string) { overwrite(t, file, 0, "All work and no play.") },
			"not a readable journal", "the next interview keeps the damaged file beside a new one", true,
		},
		"newer": {
			func(t *testing.T, file string) { overwrite(t, file, userVersion, "\x00\x00\x00\x07") },
			"written by a newer viva (form 7, this one knows 1)", "install the newest viva", true,
		},
		"a folder that cannot be written": {
			func(t *testing.T, file string) {
				if err := os.Mkdir(file+"-wal", 0o700); err != nil { // which stops root too
					t.Fatal(err)
				}
			},
			"cannot be written", "make the folder writable", false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home, file := homeWithOne(t)
			test.spoil(t, file)
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			commands := [][]string{{"resume"}, {"history", "import"}}
			if name != "damaged" { // see TestADamagedJournalIsKeptWhenAnInterviewStarts
				commands = append(commands, []string{"--question", "77"})
			}
			if test.reading {
				commands = append(commands, []string{"history"}, []string{"history", "export"}, []string{"history", "delete", "--all", "--yes"}, []string{"report"})
			}
			for _, args := range commands {
				out, said, code := runToEnd(t, home, "", args...)
				lines := strings.Split(strings.TrimSpace(said), "\n")
				if code != exitFailed || out != "" || len(lines) != 2 || !strings.HasPrefix(lines[0], "viva: ") ||
					!strings.Contains(lines[0], test.cause) || !strings.HasPrefix(lines[1], "try: ") || !strings.Contains(lines[1], test.next) {
					t.Errorf("viva %v: exit code %d, stdout %q, stderr %q; want %q and a hint", args, code, out, said, test.cause)
				}
			}
			if !test.reading {
				if out, said, code := runToEnd(t, home, "", "history", "--json"); code != 0 || strings.Count(out, "\n") != 1 {
					t.Errorf("history: %d, %s%s", code, out, said)
				}
			}
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the journal was changed (%v)", err)
			}
		})
	}
}

func TestADamagedJournalIsKeptWhenAnInterviewStarts(t *testing.T) {
	t.Parallel()
	home, file := homeWithOne(t)
	overwrite(t, file, 0, "All work and no play.")
	damaged, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, said, code := runToEnd(t, home, "", "--question", "77"); code != 0 || !strings.Contains(said, "was kept as "+file+".corrupt-") {
		t.Errorf("an interview on a damaged journal: exit code %d, %s", code, said)
	}
	kept, err := filepath.Glob(file + ".corrupt-*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	if data, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(data, damaged) {
		t.Errorf("the file that was kept was changed (%v)", err)
	}
	if _, said, code := runToEnd(t, home, "", "--question", "77"); code != 0 || strings.Contains(said, "kept as") {
		t.Errorf("the next interview: exit code %d, %s", code, said)
	}
	if out, said, _ := runToEnd(t, home, "", "history", "--json"); strings.Count(out, "\n") != 2 {
		t.Errorf("history: %s%s", out, said)
	}
}
