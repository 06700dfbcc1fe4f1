package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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
