package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viva/interviewer"
)

// viva returns a command that runs this test binary as viva, in a home of its own.
func viva(t *testing.T, home string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), "VIVA_TEST_RUN=1", "HOME="+home, "NO_COLOR=1",
		"XDG_DATA_HOME="+filepath.Join(home, "data"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"XDG_CACHE_HOME="+filepath.Join(home, "cache"))
	return cmd
}

// killAt feeds an interview until a line of its output begins with stop, the
// n-th time, and kills it there.
func killAt(t *testing.T, home, stop string, n int) {
	t.Helper()
	cmd := viva(t, home, "--question", "ebs-vs-instance-store", "--question", "efs-vs-ebs", "--follow-ups", "0")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := []string{"EBS survives a stop, the instance store does not.", "EFS is shared by many instances."}
	go func() {
		for _, a := range answers {
			io.WriteString(in, a+"\n.\n")
		}
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), stop) {
			if n--; n == 0 {
				break
			}
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed is what it was
}

func TestAKilledInterviewLosesNothingThatWasShown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		stop     string
		n        int
		answered int
	}{{"Question", 1, 0}, {"Grade:", 1, 1}, {"Feedback:", 1, 1}, {"Question", 2, 1}, {"Grade:", 2, 2}} {
		t.Run(fmt.Sprintf("%s %d", test.stop, test.n), func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			killAt(t, home, test.stop, test.n)
			out, err := viva(t, home, "history", "--json").Output()
			if err != nil {
				t.Fatal(err)
			}
			var s interviewer.Summary
			if err := json.Unmarshal(out, &s); err != nil {
				t.Fatalf("history %q: %v", out, err)
			}
			if s.Answered < test.answered || s.Questions != 2 {
				t.Errorf("history after the kill: %+v, want %d answered", s, test.answered)
			}
			resume := viva(t, home, "resume")
			resume.Stdin = strings.NewReader("/skip\n/skip\n")
			if out, err := resume.Output(); err != nil && s.State == interviewer.Open {
				t.Errorf("resume: %v\n%s", err, out)
			}
		})
	}
}

func TestAnInterruptEndsWhateverReadsStdin(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"embed"}, {"grade", "--question", "77"}, {"search", "--batch"}, {"--question", "77"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			cmd := viva(t, t.TempDir(), args...)
			cmd.Env = append(cmd.Env, "VIVA_TEST_READY=1")
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			ready, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := bufio.NewReader(ready)
			if _, err := said.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() { // the first ones may come before viva listens
				for cmd.Process.Signal(os.Interrupt) == nil {
					select {
					case <-ended:
						return
					case <-time.After(20 * time.Millisecond):
					}
				}
			}()
			_, _ = io.Copy(io.Discard, said)
			err = cmd.Wait()
			close(ended)
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
				t.Errorf("after an interrupt: %v, want exit code %d", err, exitInterrupted)
			}
		})
	}
}

func TestADraftIsKeptAndNeverSubmittedUnseen(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	leave := viva(t, home, "--question", "lambda-cold-start", "--follow-ups", "0")
	leave.Stdin = strings.NewReader("half a thought about prov\n/quit\n")
	if err := leave.Run(); err != nil {
		t.Fatal(err)
	}
	empty := viva(t, home, "resume")
	out, err := empty.Output()
	if err != nil || strings.Contains(string(out), "Grade:") {
		t.Errorf("resume with nothing on stdin: %v\n%s", err, out)
	}
	answer := viva(t, home, "resume")
	answer.Stdin = strings.NewReader("It has to create an environment first.\n.\n")
	if err := answer.Run(); err != nil {
		t.Fatal(err)
	}
	report, err := viva(t, home, "report").Output()
	if err != nil || strings.Contains(string(report), "half a thought") {
		t.Errorf("the draft was glued to the answer: %v\n%s", err, report)
	}
}
