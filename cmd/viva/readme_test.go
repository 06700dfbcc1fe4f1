package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// consoleBlock is a session shown in the README: "$ " before a command, then
// what it prints; a line of … stands for the rest.
var consoleBlock = regexp.MustCompile("(?s)```console\n\\$ ([^\n]+)\n(.*?)```")

func TestTheREADMEShowsWhatTheProgramPrints(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the README's sessions need a POSIX shell")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	wrapper := fmt.Sprintf("#!/bin/sh\nVIVA_TEST_RUN=1 exec %q \"$@\"\n", self)
	if err := os.WriteFile(filepath.Join(bin, "viva"), []byte(wrapper), 0o755); err != nil {
		t.Fatal(err)
	}
	sessions := consoleBlock.FindAllStringSubmatch(string(text), -1)
	if len(sessions) < 3 {
		t.Fatalf("%d sessions found in the README", len(sessions))
	}
	for _, s := range sessions {
		command, want := s[1], s[2]
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			shown := viva(t, t.TempDir())
			cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
			cmd.Env = append(shown.Env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got := string(out)
			if begin, _, cut := strings.Cut(want, "…\n"); cut {
				want, got = begin, got[:min(len(begin), len(got))]
			}
			if got != want {
				t.Errorf("the README shows\n%s\nthe program prints\n%s", want, got)
			}
		})
	}
}

func TestEveryCommandHasAnExample(t *testing.T) {
	t.Parallel()
	queue := []*cobra.Command{(&app{}).root()}
	for len(queue) > 0 {
		c := queue[0]
		queue = append(queue[1:], c.Commands()...)
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
	}
}
