package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"viva/interviewer"
	"viva/interviewer/journal"
)

func (a *app) historyCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "history",
		Short:   "Show past interviews, newest first",
		Example: "  viva history\n  viva history --json",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.history(cmd.Context()) },
	}
}

// readJournal opens the journal for reading; nil without an error when there is none yet.
func readJournal(ctx context.Context) (*journal.Journal, error) {
	j, err := journal.OpenReadOnly(ctx, journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return j, err
}

func (a *app) history(ctx context.Context) error {
	j, err := readJournal(ctx)
	if err != nil {
		return err
	}
	var sessions []interviewer.Summary
	if j != nil {
		defer j.Close()
		if sessions, err = j.List(ctx); err != nil {
			return err
		}
	}
	if a.json {
		for _, s := range sessions {
			if err := a.printJSON(s); err != nil {
				return err
			}
		}
		return nil
	}
	if len(sessions) == 0 {
		a.notice("no interview yet: viva starts one")
		return nil
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "session\tstarted\tstate\tanswered\tscore\tgrader")
	for _, s := range sessions {
		score := "–"
		if s.Score != nil {
			score = fmt.Sprint(*s.Score)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d of %d\t%s\t%s\n", s.Session,
			s.Started.Local().Format("2006-01-02 15:04"), s.State, s.Answered, s.Questions, score, s.Grader)
	}
	return table.Flush()
}
