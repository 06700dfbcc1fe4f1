package main

import (
	"bytes"
	"context"
	_ "embed" // the report's page
	"fmt"
	"html/template"
	"os"
	"strings"

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
	if j == nil {
		return fmt.Errorf("%w %q: there is no interview yet", journal.ErrUnknownSession, id)
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

func reportText(r interviewer.Report) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "Interview %s, %s\n%s\n", r.Session, r.Started.Local().Format("2 January 2006 15:04"), reportTitle(r))
	for i, t := range r.Turns {
		fmt.Fprintf(&out, "\n%d. %s\n   %s\n", i+1, t.Prompt, turnLine(t))
		for _, ans := range t.Answers {
			if ans.FollowUp {
				fmt.Fprintf(&out, "\n   Follow-up: %s\n", ans.Asked)
			}
			fmt.Fprintf(&out, "\n   You said:\n%s\n", indent(ans.Text, "     "))
			if ans.Grade != nil {
				writeGradeText(&out, *ans.Grade)
			}
		}
		if t.Reference != "" {
			fmt.Fprintf(&out, "\n   Reference:\n%s\n", indent(t.Reference, "     "))
		}
	}
	return out.Bytes(), nil
}

func writeGradeText(out *bytes.Buffer, g grade.Grade) {
	fmt.Fprintf(out, "\n   Grade: %s\n", plain.Headline(g))
	for _, p := range g.Points {
		quote := ""
		if p.Quote != "" {
			quote = " “" + p.Quote + "”"
		}
		fmt.Fprintf(out, "   %s %s: %s%s\n", sign(p.Verdict), p.Verdict, p.Text, quote)
	}
	for _, m := range g.Mistakes {
		fmt.Fprintf(out, "   Mistake: “%s” %s\n", m.Quote, m.Fix)
	}
	if g.Feedback != "" {
		fmt.Fprintf(out, "   %s\n", g.Feedback)
	}
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

func indent(s, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n"+by)
}

func reportMarkdown(r interviewer.Report) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Interview %s\n\n%s, %s\n", r.Session, r.Started.Local().Format("2 January 2006 15:04"), reportTitle(r))
	for i, t := range r.Turns {
		fmt.Fprintf(&out, "\n## %d. %s\n\n%s\n", i+1, t.Prompt, turnLine(t))
		for _, ans := range t.Answers {
			if ans.FollowUp {
				fmt.Fprintf(&out, "\n**Follow-up:** %s\n", ans.Asked)
			}
			fmt.Fprintf(&out, "\n%s\n", indent(ans.Text, "> "))
			if ans.Grade != nil {
				writeGradeMarkdown(&out, *ans.Grade)
			}
		}
		if t.Reference != "" {
			fmt.Fprintf(&out, "\n### Reference\n\n%s\n", strings.TrimSpace(t.Reference))
		}
	}
	return out.Bytes(), nil
}

func writeGradeMarkdown(out *bytes.Buffer, g grade.Grade) {
	fmt.Fprintf(out, "\n**Grade:** %s\n\n", plain.Headline(g))
	for _, p := range g.Points {
		quote := ""
		if p.Quote != "" {
			quote = " “" + p.Quote + "”"
		}
		fmt.Fprintf(out, "- %s **%s** %s%s\n", sign(p.Verdict), p.Verdict, p.Text, quote)
	}
	for _, m := range g.Mistakes {
		fmt.Fprintf(out, "- **mistake** “%s” %s\n", m.Quote, m.Fix)
	}
	if g.Feedback != "" {
		fmt.Fprintf(out, "\n%s\n", g.Feedback)
	}
}

//go:embed report.html.tmpl
var reportPage string

// reportHTML is one self-contained page that needs no script and prints well.
func reportHTML(r interviewer.Report) ([]byte, error) {
	page, err := template.New("report").Funcs(template.FuncMap{
		"title": reportTitle, "line": turnLine, "sign": sign, "headline": plain.Headline,
		"inc": func(i int) int { return i + 1 },
	}).Parse(reportPage)
	if err != nil {
		return nil, fmt.Errorf("render report: %w", err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, r); err != nil {
		return nil, fmt.Errorf("render report: %w", err)
	}
	return out.Bytes(), nil
}
