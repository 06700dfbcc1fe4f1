package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"viva/content"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion " + strings.Join(shells, "|"),
		Short: "Print a script that completes commands, flags and questions",
		Long: `Prints a script with which a shell completes the commands and flags of viva, and
questions, topics, levels and sessions, when you press Tab.`,
		Example: `  # bash, in this shell and in every new one
  source <(viva completion bash)
  viva completion bash > ~/.local/share/bash-completion/completions/viva

  # zsh, into a folder of $fpath; fish; PowerShell
  viva completion zsh > "${fpath[1]}/_viva"
  viva completion fish > ~/.config/fish/completions/viva.fish
  viva completion powershell | Out-String | Invoke-Expression`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{"completion takes the name of one shell: " + strings.Join(shells, ", "), "viva completion bash"}
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions(shells, cobra.ShellCompDirectiveNoFileComp),
		Annotations:       map[string]string{"config": "unread"},
		RunE:              func(cmd *cobra.Command, args []string) error { return a.completion(cmd.Root(), args[0]) },
	}
}

func (a *app) completion(root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(a.out, true)
	case "zsh":
		return root.GenZshCompletion(a.out)
	case "fish":
		return root.GenFishCompletion(a.out, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(a.out)
	}
	return usage("no shell %q: there are %s", shell, strings.Join(shells, ", "))
}

// completeAll says what may stand behind each flag and command, by the flag's name
// and by what the command's usage line calls its arguments.
func (a *app) completeAll(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = a.arguments(cmd.Use)
	}
	register := func(f *pflag.Flag) {
		if values := a.flagValues(f); values != nil {
			_ = cmd.RegisterFlagCompletionFunc(f.Name, values) // fails for a flag that is not there
		}
	}
	cmd.PersistentFlags().VisitAll(register)
	cmd.Flags().VisitAll(register)
	for _, c := range cmd.Commands() {
		a.completeAll(c)
	}
}

// arguments returns what completes a command's arguments; nil for files.
func (a *app) arguments(use string) cobra.CompletionFunc {
	switch {
	case strings.Contains(use, "FILE"), strings.Contains(use, "PATH"):
		return nil
	case strings.Contains(use, "REF"):
		return a.completeQuestions
	case strings.Contains(use, "SESSION"):
		return completeSessions
	}
	return cobra.NoFileCompletions
}

// flagValues returns what completes a flag's value; nil for files.
func (a *app) flagValues(f *pflag.Flag) cobra.CompletionFunc {
	switch f.Name {
	case "question":
		return a.completeQuestions
	case "topic":
		return a.completeTopics
	case "level":
		return oneOfThese(content.Levels...)
	case "kind":
		return oneOfThese(content.Kinds...)
	case "strictness":
		return oneOfThese("lenient", "normal", "strict")
	case "grader":
		return oneOfThese("auto", "model", "estimate")
	case "format":
		return oneOfThese("text", "md", "html")
	case "base-url", "model", "because", "dispute":
		return cobra.NoFileCompletions
	}
	if t := f.Value.Type(); t == "int" || t == "uint64" {
		return cobra.NoFileCompletions
	}
	return nil
}

func oneOfThese[T ~string](values ...T) cobra.CompletionFunc {
	var choices []string
	for _, v := range values {
		choices = append(choices, string(v))
	}
	return cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp)
}

// completing is the banks in use; only the built-in one where they cannot be loaded.
func (a *app) completing(cmd *cobra.Command) content.Library {
	if a.configure(cmd, nil) == nil {
		slices.Sort(a.config.Banks) // cobra reads the flags twice when it completes
		a.config.Banks = slices.Compact(a.config.Banks)
		if lib, err := a.library(); err == nil {
			return lib
		}
	}
	return content.Library{content.Builtin()}
}

func (a *app) completeQuestions(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 && strings.Contains(cmd.Use, "REF") {
		return nil, cobra.ShellCompDirectiveNoFileComp // it takes one
	}
	var choices []cobra.Completion
	for _, q := range a.completing(cmd).Questions() {
		choices = append(choices, cobra.CompletionWithDesc(q.Ref(), content.Printable(q.Text)))
	}
	return choices, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) completeTopics(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var choices []cobra.Completion
	for _, t := range a.completing(cmd).Topics() {
		choices = append(choices, cobra.CompletionWithDesc(t.ID, content.Printable(t.Title)))
	}
	return choices, cobra.ShellCompDirectiveNoFileComp
}

// completeSessions offers the interviews of the journal, the newest first.
func completeSessions(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if len(args) > 0 {
		return nil, directive
	}
	j, err := readJournal(cmd.Context())
	if j == nil || err != nil {
		return nil, directive
	}
	defer j.Close()
	sessions, _ := j.List(cmd.Context()) // what can be read is offered
	var choices []cobra.Completion
	for _, s := range sessions {
		about := fmt.Sprintf("%s, %s, %d of %d answered", s.Started.Local().Format("2006-01-02 15:04"), s.State, s.Answered, s.Questions)
		choices = append(choices, cobra.CompletionWithDesc(s.Session, about))
	}
	return choices, directive
}
