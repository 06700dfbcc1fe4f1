package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "man",
		Short:       "Print the man page",
		Example:     "  viva man | man -l -\n  viva man > ~/.local/share/man/man1/viva.1",
		Args:        noArgs,
		Annotations: map[string]string{"config": "unread"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(a.out, manPage(cmd.Root()))
			return err
		},
	}
}

// manEnd is what the help of no command says.
const manEnd = `.SH EXIT STATUS
.TP
0
done
.TP
1
failed; also: some lines of a batch failed, or lint found something
.TP
2
a command line that cannot be carried out, an unknown question or topic among them
.TP
3
a faulty configuration
.TP
4
the endpoint cannot be reached or refuses the key
.TP
130
interrupted
.SH ENVIRONMENT
.TP
VIVA_LLM_MODEL, VIVA_INTERVIEW_QUESTIONS \fR…\fP
any setting that viva config show lists, in capitals; beats the file, and a flag beats it
.TP
OPENAI_API_KEY, OPENAI_BASE_URL
key and address of the endpoint, where nothing else sets them
.TP
ACCESSIBLE
any value: lines of text instead of a full screen
.TP
NO_COLOR
any value: no colour
.TP
XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME
where files are kept
.SH FILES
.TP
viva/config.yaml \fRin the configuration directory\fP
settings
.TP
viva/journal.db \fRin the data directory\fP
every interview
.TP
viva/banks/*.yaml \fRin the data directory\fP
banks of your own
`

// manPage writes the man page in roff from the help of the commands. It holds
// neither a date nor a path of this machine.
func manPage(root *cobra.Command) string {
	var out strings.Builder
	fmt.Fprintf(&out, ".TH VIVA 1 \"\" \"viva %s\" \"User Commands\"\n", release)
	fmt.Fprintf(&out, ".SH NAME\nviva \\- %s\n", roff(strings.ToLower(root.Short[:1])+root.Short[1:]))
	out.WriteString(".SH SYNOPSIS\n\\fBviva\\fP [flags]\n.br\n\\fBviva\\fP \\fIcommand\\fP [flags] [arguments]\n")
	fmt.Fprintf(&out, ".SH DESCRIPTION\n%s", roffText(root.Long))
	out.WriteString(".SH COMMANDS\n")
	for _, c := range root.Commands() {
		manCommands(&out, c)
	}
	out.WriteString(".SH FLAGS OF AN INTERVIEW\n")
	roffFlags(&out, root.LocalNonPersistentFlags())
	out.WriteString(".SH FLAGS OF EVERY COMMAND\n")
	roffFlags(&out, root.PersistentFlags())
	fmt.Fprintf(&out, ".SH EXAMPLES\n%s", roffExample(root.Example))
	out.WriteString(manEnd)
	return out.String()
}

// manCommands writes about a command and those below it. An interview's flags
// have a section of their own.
func manCommands(out *strings.Builder, c *cobra.Command) {
	if c.Hidden || c.Name() == "help" {
		return
	}
	if !c.HasSubCommands() {
		about := c.Long
		if about == "" {
			about = c.Short + "."
		}
		fmt.Fprintf(out, ".SS %s\n%s", roff(strings.TrimSuffix(c.UseLine(), " [flags]")), roffText(about))
		if c.Name() != "interview" {
			roffFlags(out, c.LocalNonPersistentFlags())
		}
		out.WriteString(roffExample(c.Example))
	}
	for _, sub := range c.Commands() {
		manCommands(out, sub)
	}
}

func roffFlags(out *strings.Builder, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		value, _ := pflag.UnquoteUsage(f)
		if value = strings.TrimSuffix(value, "Array"); value != "" {
			value = " \\fI" + roff(value) + "\\fP"
		}
		fmt.Fprintf(out, ".TP\n\\fB%s\\fP%s\n%s\n", roff(name), value, roff(f.Usage))
	})
}

// roffText writes paragraphs; their lines are filled anew.
func roffText(text string) string {
	var out strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			out.WriteString(".PP\n")
		}
		for line := range strings.Lines(paragraph) {
			out.WriteString(roff(strings.TrimSpace(line)) + "\n")
		}
	}
	return out.String()
}

// roffExample writes commands as they stand.
func roffExample(text string) string {
	if text == "" {
		return ""
	}
	return ".PP\n.nf\n" + roff(text) + "\n.fi\n"
}

// roff escapes text: a backslash, the hyphens that are to be copied, and what at
// the beginning of a line would be an instruction.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
