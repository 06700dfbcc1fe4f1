package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"viva/index/embed"
)

// app is what every command shares: the three streams and, once the command
// line is read, the configuration.
type app struct {
	in       io.Reader
	out, err io.Writer

	config  Config
	origins []origin
	sendsTo string // where answers go, in words; "" while they stay here
	remark  string // what is said about the choice of questions, in words; "" for nothing
	unfit   string // that the model should not grade, in words; "" where nothing is known against it

	interviewing *interviewOptions
	configFile   string
	json, quiet  bool
	verbose      bool
	noColor      bool

	follows bool                           // an interview is on that asks follow-ups
	encoder func() (*embed.Encoder, error) // the built-in one, loaded when first asked for
}

func (a *app) root() *cobra.Command {
	interview := a.interviewCommand()
	root := &cobra.Command{
		Use:   "viva",
		Short: "A mock interviewer for the terminal",
		Long: `viva asks interview questions, takes a free-text answer, grades it point by
point against a reference answer with the words that show it, and follows up on
what was missed. It needs no account, key or network; with a language model
configured, that model judges the answers.`,
		Example: `  # an interview of five questions
  viva

  # practise one question over a pipe
  printf 'Set provisioned concurrency.\n.\n' | viva --question lambda-cold-start

  # find questions by meaning
  viva search "who deleted my server"

  # let a local model grade
  viva --base-url http://127.0.0.1:11434/v1 --model llama3.2`,
		Args:              noArgs,
		PersistentPreRunE: a.configure,
	}
	showVersion, hold := false, interview.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if showVersion {
			return a.version()
		}
		return hold(cmd, args)
	}
	root.Flags().BoolVar(&showVersion, "version", false, "print the version")
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(flagError)
	a.interviewFlags(root.Flags())
	p := root.PersistentFlags()
	p.StringVar(&a.configFile, "config", "", "configuration file to read instead of the one that viva config path prints")
	p.StringArray("bank", nil, "question bank to use, a file or folder; repeatable; aws is the built-in one")
	p.String("base-url", "", "address of an OpenAI-compatible endpoint")
	p.String("model", "", "model that judges the answers")
	p.String("strictness", "", "lenient, normal or strict")
	p.Bool("offline", false, "make no connection whatever")
	p.BoolVar(&a.json, "json", false, "print JSON")
	p.BoolVar(&a.noColor, "no-color", false, "print no colour")
	p.BoolVarP(&a.quiet, "quiet", "q", false, "print no notices")
	p.BoolVarP(&a.verbose, "verbose", "v", false, "say more about what is done")
	root.AddCommand(interview, a.searchCommand(), a.gradeCommand(), a.embedCommand(), a.bankCommand(),
		a.historyCommand(), a.reportCommand(), a.resumeCommand(), a.calibrateCommand(), a.doctorCommand(), a.configCommand(), a.versionCommand(),
		a.completionCommand(), a.manCommand())
	a.completeAll(root)
	return root
}

// flagError words what pflag found wrong with a command's flags.
func flagError(cmd *cobra.Command, err error) error {
	e := &usageError{err.Error(), cmd.CommandPath() + " --help"}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		should := map[string]string{"bool": "true or false", "int": "a whole number", "uint64": "a whole number, 0 or more"}
		f := invalid.GetFlag()
		e.what = fmt.Sprintf("--%s is %q: it should be %s", f.Name, invalid.GetValue(), should[f.Value.Type()])
	}
	return e
}

// checkDay refuses a day that no list has; 0 would stand for all of them.
func checkDay(flags *pflag.FlagSet) error {
	if f := flags.Lookup("day"); f != nil && f.Changed && number(f.Value.String()) < 1 {
		return usage("--day is %s: it should be 1 or more", f.Value)
	}
	return nil
}

// configure reads the configuration before any command runs. A command that
// must work with a broken one is annotated.
func (a *app) configure(cmd *cobra.Command, _ []string) error {
	if err := checkDay(cmd.Flags()); err != nil {
		return err
	}
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !isTerminal(a.out) {
		a.noColor = true
	}
	path, named := configPath(), false
	if a.configFile != "" {
		path, named = a.configFile, true
	}
	var err error
	a.config, a.origins, err = loadConfig(cmd.Flags(), path, named)
	if cmd.Annotations["config"] == "unread" {
		return nil
	}
	return flagFault(err)
}

// flagFault turns a configuration error that is only about flags into a usage error.
func flagFault(err error) error {
	var e *configError
	if !errors.As(err, &e) {
		return err
	}
	for _, f := range e.faults {
		if !strings.Contains(f, "(flag --") {
			return err
		}
	}
	return usage("%s", e)
}

// noArgs refuses words behind a command that takes none.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.Parent() == nil {
		return &usageError{fmt.Sprintf("no command %q", args[0]), "viva --help; to search for it: viva search " + strings.Join(args, " ")}
	}
	return &usageError{fmt.Sprintf("%s takes no argument, and got %q", cmd.CommandPath(), args[0]), cmd.CommandPath() + " --help"}
}

// atMostOne refuses a second argument.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return &usageError{fmt.Sprintf("%s takes one argument, and got %d", cmd.CommandPath(), len(args)), cmd.CommandPath() + " --help"}
	}
	return nil
}

// notice tells the user something beside the data, on stderr.
func (a *app) notice(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, "viva: "+format+"\n", args...)
	}
}

// printJSON writes v as one compact line.
func (a *app) printJSON(v any) error { return writeJSON(a.out, v) }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// width is how many columns a terminal has; 0 for another stream.
func width(stream any) int {
	f, ok := stream.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
