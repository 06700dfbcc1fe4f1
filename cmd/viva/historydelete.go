package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viva/interviewer"
	"viva/interviewer/journal"
)

func (a *app) historyDeleteCommand() *cobra.Command {
	var all, yes bool
	cmd := &cobra.Command{
		Use:   "delete SESSION…",
		Short: "Delete interviews, with all that was said in them",
		Long: `Deletes the named interviews, or with --all every one, for good. On a terminal it
asks first; elsewhere it needs --yes. An unknown name deletes nothing. The grades of
models that are kept to give the same answer the same grade go as well, all of them,
since they quote answers.`,
		Example: `  viva history delete 20261123-091205-k3f7
  viva history delete --all --yes`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case all && len(args) > 0:
				return usage("--all deletes every interview: leave out %q", args[0])
			case !all && len(args) == 0:
				return &usageError{"which interview?", "viva history shows every interview; --all deletes them all"}
			}
			return a.historyDelete(cmd.Context(), args, yes)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "delete every interview")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// deleted is an interview that was deleted. Its JSON form is stable.
type deleted struct {
	Session string `json:"session"`
	Answers int    `json:"answers"`
}

func (d deleted) String() string { return d.Session + " with " + counted(d.Answers, "answer") }

// historyDelete deletes the named sessions, all where none is named.
func (a *app) historyDelete(ctx context.Context, names []string, yes bool) error {
	if j, err := readJournal(ctx); err != nil || j == nil && len(names) == 0 {
		if err == nil {
			a.notice("no interview yet: viva starts one")
		}
		return err
	} else if j == nil {
		return fmt.Errorf("%w: %q", journal.ErrUnknownSession, names[0])
	} else if err := j.Close(); err != nil {
		return err
	}
	j, err := openJournal(ctx)
	if err != nil {
		return err
	}
	defer j.Close()
	doomed, err := countAnswers(ctx, j, names)
	if err != nil {
		return err
	}
	if len(doomed) == 0 {
		a.notice("no interview yet: viva starts one")
		return nil
	}
	if !yes {
		if err := a.confirm(ctx, doomed); err != nil {
			return err
		}
	}
	for _, d := range doomed {
		if err := j.Delete(ctx, d.Session); err != nil {
			return err
		}
		if err := a.sayDeleted(d); err != nil {
			return err
		}
	}
	if err := (gradeStore{}).clear(); err != nil {
		return fmt.Errorf("delete the kept grades, which quote answers: %w", err)
	}
	return nil
}

// countAnswers finds the named sessions and what would go with them.
func countAnswers(ctx context.Context, j *journal.Journal, names []string) ([]deleted, error) {
	ids, err := sessionIDs(ctx, j, names)
	if err != nil {
		return nil, err
	}
	var list []deleted
	for _, id := range ids {
		rec, err := j.Load(ctx, id)
		if err != nil && !errors.Is(err, journal.ErrUnreadable) {
			return nil, err
		}
		d := deleted{Session: id}
		for _, e := range rec.Events {
			if e.Kind == interviewer.Answered {
				d.Answers++
			}
		}
		list = append(list, d)
	}
	return list, nil
}

func (a *app) sayDeleted(d deleted) error {
	if a.json {
		return a.printJSON(d)
	}
	_, err := fmt.Fprintf(a.out, "deleted %s\n", d)
	return err
}

// confirm asks a person whether doomed may go. The error is nil only after a yes.
func (a *app) confirm(ctx context.Context, doomed []deleted) error {
	if !isTerminal(a.in) {
		return &usageError{"nobody can be asked here whether to delete " + what(doomed), "add --yes"}
	}
	fmt.Fprintf(a.err, "Delete %s? [y/N] ", what(doomed))
	reply, err := bufio.NewReader(a.stdin(ctx)).ReadString('\n')
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch strings.ToLower(strings.TrimSpace(reply)) {
	case "y", "yes":
		return nil
	}
	if err != nil {
		fmt.Fprintln(a.err) // the question's line is still open
	}
	fmt.Fprintln(a.err, "viva: nothing was deleted")
	return errSilent
}

// what names what is about to be deleted.
func what(doomed []deleted) string {
	if len(doomed) == 1 {
		return doomed[0].String()
	}
	answers := 0
	for _, d := range doomed {
		answers += d.Answers
	}
	return fmt.Sprintf("%d interviews with %s", len(doomed), counted(answers, "answer"))
}
