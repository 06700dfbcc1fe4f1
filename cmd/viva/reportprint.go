package main

import (
	"bytes"
	_ "embed" // the report's templates
	"fmt"
	html "html/template"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	text "text/template"
	"time"

	"github.com/charmbracelet/x/ansi"

	"viva/cmd/viva/plain"
	"viva/interviewer"
	"viva/interviewer/grade"
)

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
	"title": reportTitle, "line": turnLine, "headline": plain.Headline, "place": place, "pace": paceLine,
	"table": partsTable, "score": scoreOr, "study": study, "more": more, "remarks": remarks, "add": func(a, b int) int { return a + b },
	"unanswered": unanswered, "verdicts": verdicts, "hang": hang, "reflow": reflow, "one": oneLine, "close": closeCall, "md": escaped, "quoted": quotedMarkdown, "pieces": pieces, "rendered": renderedReference,
	"day": func(t time.Time) string { return t.Local().Format("2 January 2006 15:04") },
	"iso": func(t time.Time) string { return t.Format(time.RFC3339) },
}

func reportText(p reportPage) ([]byte, error) {
	page, err := text.New("report").Funcs(reportFuncs).Parse(reportPlainTemplate)
	return fill(page, err, p)
}

func reportMarkdown(p reportPage) ([]byte, error) {
	page, err := text.New("report").Funcs(reportFuncs).Parse(reportMarkdownTemplate)
	return fill(page, err, p)
}

// reportHTML is one self-contained page that needs no script and prints well.
func reportHTML(p reportPage) ([]byte, error) {
	page, err := html.New("report").Funcs(reportFuncs).Parse(reportHTMLTemplate)
	return fill(page, err, p)
}

// fill executes a template of either kind, unless parsing it failed.
func fill(page interface{ Execute(io.Writer, any) error }, err error, p reportPage) ([]byte, error) {
	var out bytes.Buffer
	if err == nil {
		err = page.Execute(&out, p)
	}
	if err != nil {
		return nil, fmt.Errorf("render report: %w", err)
	}
	return out.Bytes(), nil
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
		parts = append(parts, oneLine(t.Topic))
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

// paceLine is how an answer came, in words.
func paceLine(p interviewer.Pace) string {
	line := fmt.Sprintf("%d words", p.Words)
	if p.Words == 1 {
		line = "1 word"
	}
	if p.Seconds > 0 {
		line += " in " + span(p.Seconds)
	}
	if p.FirstWord > 0 {
		line += ", the first after " + span(p.FirstWord)
	}
	if p.PerMinute > 0 {
		line += fmt.Sprintf(", %d a minute", p.PerMinute)
		if p.FirstWord > 0 {
			line += " from there"
		}
	}
	return line
}

// span is a time as people say it.
func span(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	switch {
	case seconds < 10:
		return fmt.Sprintf("%g s", seconds)
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// place is the number under which a report shows a question.
func place(turns []interviewer.ReportTurn, question string) int {
	return 1 + slices.IndexFunc(turns, func(t interviewer.ReportTurn) bool { return t.Question == question })
}

func scoreOr(score *int) string {
	if score == nil {
		return "–"
	}
	return fmt.Sprint(*score)
}

// partsTable lays out topics and levels in columns.
func partsTable(r interviewer.Report) string {
	const widest = 44 // of a name
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 3, ' ', 0)
	for i, part := range []struct {
		name string
		rows []interviewer.ReportPart
	}{{"topic", r.Topics}, {"level", r.Levels}} {
		if len(part.rows) == 0 {
			continue
		}
		if i > 0 && len(r.Topics) > 0 {
			fmt.Fprintln(table, "\t\t") // a line with its cells, so that the columns go on
		}
		fmt.Fprintf(table, "  %s\tscore\tgraded\n", part.name)
		for _, row := range part.rows {
			name := ansi.Truncate(oneLine(row.Name), widest, "…")
			fmt.Fprintf(table, "  %s\t%5s\t%d of %d\n", name, scoreOr(row.Score), row.Graded, row.Asked)
		}
	}
	_ = table.Flush() // into memory
	return trailing.ReplaceAllString(strings.TrimRight(out.String(), "\n"), "")
}

var trailing = regexp.MustCompile(`(?m) +$`)

// studyShown is how many points to study are listed; each question shows its own.
const studyShown = 8

func study(points []interviewer.ReportPoint) []interviewer.ReportPoint {
	return points[:min(len(points), studyShown)]
}

// more says how many points to study are not listed, or "".
func more(points []interviewer.ReportPoint) string {
	switch n := len(points) - studyShown; {
	case n <= 0:
		return ""
	case n == 1:
		return "One more stands at its question below."
	default:
		return fmt.Sprintf("%d more stand at their questions below.", n)
	}
}

// unanswered are the questions that were left without an answer.
func unanswered(turns []interviewer.ReportTurn) []interviewer.ReportTurn {
	var left []interviewer.ReportTurn
	for _, t := range turns {
		if t.Skipped {
			left = append(left, t)
		}
	}
	return left
}

// verdict is one on a point, with the point's number in its grade.
type verdict struct {
	grade.PointGrade
	Number int
}

// verdicts are what a reader is shown of a grade: all where there is a score and,
// of a follow-up, those that say more than the grade before.
func verdicts(a interviewer.ReportAnswer) []verdict {
	var all []verdict
	if a.Grade == nil || a.Grade.Score == nil {
		return nil
	}
	for i, p := range a.Grade.Points {
		if !a.FollowUp || p.ID == a.Point || p.Verdict != grade.Missed {
			all = append(all, verdict{p, i + 1})
		}
	}
	return all
}

// closeCall marks a verdict on which the votes were divided.
func closeCall(f grade.Firmness) string {
	if f == grade.CloseCall {
		return " (a close call)"
	}
	return ""
}

// remarks is what a reader should know about a grade.
func remarks(g grade.Grade) []string {
	var texts []string
	for _, f := range g.Flags {
		if text := f.Remark(); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// markdownBlock is the start of a line that goes on with nothing before it.
var markdownBlock = regexp.MustCompile("^(\\s*([-*+#>|]|\\d+[.)]|```|~~~)|    )")

// reflow puts each paragraph of Markdown on one line; fenced code stays as it is.
func reflow(s string) string {
	var out strings.Builder
	fenced, before := false, ""
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		joined := !fenced && strings.TrimSpace(before) != "" && strings.TrimSpace(line) != "" && !markdownBlock.MatchString(line)
		switch {
		case joined:
			out.WriteString(" " + strings.TrimSpace(line))
		case out.Len() > 0:
			out.WriteString("\n" + line)
		default:
			out.WriteString(line)
		}
		before = line
		if fence {
			fenced, before = !fenced, ""
		}
	}
	return out.String()
}

// reportWidth is how wide a report in text runs.
const reportWidth = 80

// hang puts lead before s and wraps it, the lines after the first as far in.
func hang(lead, s string) string {
	const noBreak = "\u2011" // ansi breaks lines at a hyphen, which names of questions hold
	width := reportWidth - ansi.StringWidth(lead)
	s = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(s), "\t", "    "), "-", noBreak)
	s = strings.ReplaceAll(ansi.Wrap(s, width, ""), noBreak, "-")
	var out strings.Builder
	for line := range strings.Lines(s) {
		out.WriteString(strings.TrimRight(lead+line, " \n") + "\n")
		lead = strings.Repeat(" ", ansi.StringWidth(lead))
	}
	return strings.TrimSuffix(out.String(), "\n")
}
