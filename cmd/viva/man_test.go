package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestTheManPageHoldsEveryCommandAndFlag(t *testing.T) {
	t.Parallel()
	root := (&app{}).root()
	page := manPage(root)
	queue := []*cobra.Command{root}
	for len(queue) > 0 {
		c := queue[0]
		queue = append(queue[1:], c.Commands()...)
		if !c.HasSubCommands() && !strings.Contains(page, "\n.SS "+roff(c.CommandPath())) {
			t.Errorf("the page lacks %s", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(page, roff("--"+f.Name)+`\fP`) {
				t.Errorf("the page lacks --%s of %s", f.Name, c.CommandPath())
			}
		})
	}
}

func TestRoffObeysNothingOfItsText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":          "plain",
		".SH no title":   `\&.SH no title`,
		"'quoted\n.dots": "\\&'quoted\n\\&.dots",
		`a \n b`:         `a \en b`,
		"--flag":         `\-\-flag`,
	} {
		if got := roff(in); got != want {
			t.Errorf("roff(%q) = %q, want %q", in, got, want)
		}
	}
}
