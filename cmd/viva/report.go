package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"viva/content"
	"viva/index"
	"viva/interviewer"
	"viva/interviewer/journal"
)

func (a *app) reportCommand() *cobra.Command {
	var format, file string
	cmd := &cobra.Command{
		Use:   "report [SESSION]",
		Short: "Show one interview with answers, verdicts and references",
		Long: `Shows the session, or the newest one: how each topic and level went, what was
strong, what to study and practise next, then every answer with its verdicts and
the reference. An interview that is still open is shown as far as it got.`,
		Example: `  viva report
  viva report --format html -o report.html
  viva report 20261123-0912-k3f7 --json`,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			if len(args) == 1 {
				id = args[0]
			}
			return a.report(cmd.Context(), id, format, file)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "md, html or text")
	cmd.Flags().StringVarP(&file, "output", "o", "", "write to this file")
	return cmd
}

func (a *app) report(ctx context.Context, id, format, file string) error {
	render, known := map[string]func(reportPage) ([]byte, error){
		"text": reportText, "md": reportMarkdown, "html": reportHTML,
	}[format]
	if !known {
		return usage("--format is %q: it should be md, html or text", format)
	}
	j, err := readJournal(ctx)
	if err != nil {
		return err
	}
	if j == nil && id == "" {
		return &usageError{"there is no interview yet", "viva starts one; viva history shows them"}
	}
	if j == nil {
		return fmt.Errorf("%w: %q", journal.ErrUnknownSession, id)
	}
	defer j.Close()
	rec, err := j.Load(ctx, id)
	if err != nil {
		return err
	}
	toScreen := format == "md" && file == "" && !a.json && a.rendersMarkdown()
	page := reportPage{Report: interviewer.BuildReport(rec), Rendered: toScreen}
	if page.Practise = a.practise(ctx, rec, page.Report); ctx.Err() != nil {
		return ctx.Err()
	}
	if a.json {
		render = reportJSON
	}
	data, err := render(page)
	if err != nil {
		return err
	}
	if file != "" {
		return os.WriteFile(file, data, 0o644)
	}
	if toScreen {
		return a.printMarkdown(string(data))
	}
	_, err = a.out.Write(data)
	return err
}

// reportPage is a report with what the banks in use can add to it.
type reportPage struct {
	interviewer.Report
	Practise []content.Question
	Rendered bool // the Markdown is for our own renderer, which knows no tables
}

// practise finds the questions that test what the interview missed. The report is
// whole without them, so that a fault is only told.
func (a *app) practise(ctx context.Context, rec interviewer.Record, r interviewer.Report) []content.Question {
	if len(r.Study) == 0 {
		return nil
	}
	lib, err := a.library()
	var qs []content.Question
	if err == nil {
		lazy := &lazyIndex{open: func(ctx context.Context) (*index.Index, error) { return a.openIndex(ctx, lib) }}
		qs, err = interviewer.Resume(rec, interviewer.Examiner{Advisor: lazy}, nil).Advice(ctx)
	}
	if err != nil && ctx.Err() == nil {
		a.notice("the report names no questions to practise next: %s", err)
	}
	return qs
}

func reportJSON(p reportPage) ([]byte, error) {
	var out bytes.Buffer
	err := writeJSON(&out, struct {
		interviewer.Report
		Practise []string `json:"practise,omitempty"`
	}{p.Report, refs(p.Practise)})
	return out.Bytes(), err
}
