package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"viva/interviewer"
)

func (a *app) resumeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "resume [SESSION]",
		Short:   "Go on with an interview where it stopped",
		Long:    "Goes on with the session, or with the newest open one, at the question where it stopped.",
		Example: "  viva resume\n  viva resume 20261123-0912-k3f7",
		Args:    atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			if len(args) == 1 {
				id = args[0]
			}
			return a.resume(cmd.Context(), id)
		},
	}
	cmd.Flags().Bool("plain", false, "lines of text instead of a full screen")
	return cmd
}

func (a *app) resume(ctx context.Context, id string) error {
	j, err := openJournal(ctx)
	if err != nil {
		return err
	}
	defer j.Close()
	if id == "" {
		if id, err = j.NewestOpen(ctx); err != nil {
			return err
		}
		if id == "" {
			return &usageError{"no interview is open", "viva starts one; viva history shows the finished ones"}
		}
	}
	rec, err := j.Load(ctx, id)
	if err != nil {
		return err
	}
	lib, err := a.library()
	if err != nil {
		return err
	}
	a.remember(rec)
	a.follows = a.config.Interview.FollowUps > 0
	x, err := a.examiner(ctx, lib)
	if err != nil {
		return err
	}
	s := interviewer.Resume(rec, x, j)
	if s.Report().State == interviewer.Done {
		return &usageError{fmt.Sprintf("interview %s is finished", rec.ID), "viva report " + rec.ID}
	}
	if n := s.Waiting(); n > 0 && x.Model == nil {
		a.notice("answers that wait for a grade: %d; no model is configured, so they are estimated", n)
	}
	return a.converse(ctx, s, rec.Draft)
}

// remember goes on with the model that an interview began with, where no other is
// configured and connections are allowed.
func (a *app) remember(rec interviewer.Record) {
	if a.config.Judge.Model != "" || a.config.Offline || len(rec.Events) == 0 || rec.Events[0].Plan == nil {
		return
	}
	if plan := rec.Events[0].Plan; plan.Model != "" {
		a.config.Judge.Model, a.config.Judge.BaseURL = plan.Model, plan.BaseURL
	}
}
