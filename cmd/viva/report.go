package main

import (
	"bytes"
	"context"
	_ "embed" // the report's templates
	"fmt"
	html "html/template"
	"io"
	"os"
	"strings"
	text "text/template"
	"time"

	"github.com/spf13/cobra"

	"viva/cmd/viva/plain"
	"viva/interviewer"
	"viva/interviewer/grade"
	"viva/interviewer/journal"
)

func (a *app) reportCommand() *cobra.Command {
	var format, file string
	cmd := &cobra.Command{
		Use:   "report [SESSION]",
		Short: "Show one interview with answers, verdicts and references",
		Long:  "Shows the session, or the newest one; an interview that is still open is shown as far as it got.",
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
	render, known := map[string]func(interviewer.Report) ([]byte, error){
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
	r := interviewer.BuildReport(rec)
	if a.json {
		render = reportJSON
	}
	data, err := render(r)
	if err != nil {
		return err
	}
	if file != "" {
		return os.WriteFile(file, data, 0o644)
	}
	if format == "md" && !a.json {
		return a.printMarkdown(string(data))
	}
	_, err = a.out.Write(data)
	return err
}

func reportJSON(r interviewer.Report) ([]byte, error) {
	var out bytes.Buffer
	err := writeJSON(&out, r)
	return out.Bytes(), err
}

// reportTitle is a report's first line: score, state and who graded.
func reportTitle(r interviewer.Report) string {
	score := "no score yet"
	if r.Score != nil {
		score = fmt.Sprintf("%d of 100", *r.Score)
	}
	by := map[grade.Kind]string{
		grade.ByEstimate: ", estimated offline", grade.ByModel: ", judged by a model",
		interviewer.ByBoth: ", partly judged by a model and partly estimated",
	}[r.Grader]
	open := ""
	if r.State == interviewer.Open {
		open = " (not finished)"
	}
	return score + by + open
}

func turnLine(t interviewer.ReportTurn) string {
	parts := []string{t.Question}
	if t.Topic != "" {
		parts = append(parts, t.Topic)
	}
	if t.Level != "" {
		parts = append(parts, string(t.Level))
	}
	switch {
	case t.Score != nil:
		parts = append(parts, fmt.Sprintf("%d of 100", *t.Score))
	case t.Skipped || len(t.Answers) == 0:
		parts = append(parts, "not answered")
	default:
		parts = append(parts, "not graded")
	}
	if t.Best != nil && (t.Score == nil || *t.Best > *t.Score) {
		parts = append(parts, fmt.Sprintf("best %d", *t.Best))
	}
	if t.Hints > 0 {
		parts = append(parts, fmt.Sprintf("hints %d", t.Hints))
	}
	return strings.Join(parts, " · ")
}

// indent puts by before every line.
func indent(by, s string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n"+by)
}

// The three forms of a report, one template each.
var (
	//go:embed report.txt.tmpl
	reportPlainTemplate string
	//go:embed report.md.tmpl
	reportMarkdownTemplate string
	//go:embed report.html.tmpl
	reportHTMLTemplate string
)

// reportFuncs are what the templates call.
var reportFuncs = map[string]any{
	"title": reportTitle, "line": turnLine, "headline": plain.Headline, "indent": indent,
	"inc": func(i int) int { return i + 1 },
	"day": func(t time.Time) string { return t.Local().Format("2 January 2006 15:04") },
}

func reportText(r interviewer.Report) ([]byte, error) {
	page, err := text.New("report").Funcs(reportFuncs).Parse(reportPlainTemplate)
	return fill(page, err, r)
}

func reportMarkdown(r interviewer.Report) ([]byte, error) {
	page, err := text.New("report").Funcs(reportFuncs).Parse(reportMarkdownTemplate)
	return fill(page, err, r)
}

// reportHTML is one self-contained page that needs no script and prints well.
func reportHTML(r interviewer.Report) ([]byte, error) {
	page, err := html.New("report").Funcs(reportFuncs).Parse(reportHTMLTemplate)
	return fill(page, err, r)
}

// fill executes a template of either kind, unless parsing it failed.
func fill(page interface{ Execute(io.Writer, any) error }, err error, r interviewer.Report) ([]byte, error) {
	var out bytes.Buffer
	if err == nil {
		err = page.Execute(&out, r)
	}
	if err != nil {
		return nil, fmt.Errorf("render report: %w", err)
	}
	return out.Bytes(), nil
}
