package main

import (
	"bufio"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

func TestALongLineIsPassedOverAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	in := bufio.NewReaderSize(strings.NewReader("one\n"+strings.Repeat("x", maxBatchLine+1)+"\nthree"), 64)
	var got []string
	for {
		line, err := readLine(in, maxBatchLine)
		got = append(got, strings.TrimSpace(string(line)))
		if errors.Is(err, errLongLine) {
			got[len(got)-1] = "long"
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if want := "one long three"; strings.Join(got, " ") != want {
		t.Errorf("lines %q, want %q", strings.Join(got, " "), want)
	}
}

func TestAnAnswerOver64kBIsRefusedWithCode2(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"grade": {"grade", "--question", "77"}, "interview": {"--question", "77"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := viva(t, t.TempDir(), args...)
			cmd.Stdin = strings.NewReader(strings.Repeat("It boots a container first. ", 3000) + "\n.\n")
			var said strings.Builder
			cmd.Stderr = &said
			var exit *exec.ExitError
			if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitUsage {
				t.Errorf("error %v, want exit code %d", err, exitUsage)
			}
			if !strings.Contains(said.String(), "longer than 64 kB") {
				t.Errorf("stderr: %s", said.String())
			}
		})
	}
}

func TestAByteOrderMarkIsNoText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"\uFEFFtext": "text", "text": "text", "": "", "\xef": "\xef", "\uFEFF": ""} {
		got, err := io.ReadAll(withoutMark(strings.NewReader(in)))
		if err != nil || string(got) != want {
			t.Errorf("withoutMark(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}
