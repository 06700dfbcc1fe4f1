package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"viva/content"
	"viva/index/embed"
)

func (a *app) bankCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bank",
		Short: "Look at and check the question bank",
		Example: `  viva bank list --topic lambda
  viva bank show lambda-cold-start
  viva bank lint my-questions.yaml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.bankListCommand(), a.bankShowCommand(), a.bankLintCommand())
	return cmd
}

func (a *app) bankListCommand() *cobra.Command {
	var f content.Filter
	var level, kind string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the questions",
		Example: "  viva bank list --topic s3 --level advanced\n  viva bank list --kind cost --json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			f.Level, f.Kind = content.Level(level), content.Kind(kind)
			return a.bankList(f)
		},
	}
	cmd.Flags().StringArrayVar(&f.Topics, "topic", nil, "only this topic; repeatable")
	cmd.Flags().StringVar(&level, "level", "", "foundation, core or advanced")
	cmd.Flags().StringVar(&kind, "kind", "", "concept, comparison, scenario, design, troubleshooting, security, cost or operations")
	cmd.Flags().IntVar(&f.Day, "day", 0, "only this day of the built-in list")
	return cmd
}

// bankEntry is a question as bank list --json gives it, one a line.
type bankEntry struct {
	ID       string        `json:"id"`
	Number   *int          `json:"number"`
	Day      int           `json:"day,omitzero"`
	Topic    string        `json:"topic"`
	Level    content.Level `json:"level"`
	Kind     content.Kind  `json:"kind"`
	Question string        `json:"question"`
}

func (a *app) bankList(f content.Filter) error {
	lib, err := a.library()
	if err != nil {
		return err
	}
	qs, err := lib.Select(f)
	if err != nil {
		return err
	}
	if a.json {
		for _, q := range qs {
			e := bankEntry{q.Ref(), q.Place(), q.Day, q.Topic, q.Level, q.Kind, q.Text}
			if err := a.printJSON(e); err != nil {
				return err
			}
		}
		return nil
	}
	return a.printTable(qs)
}

// printTable prints a line a question, on a terminal cut to its width.
func (a *app) printTable(qs []content.Question) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, q := range qs {
		number := ""
		if q.Number != 0 {
			number = fmt.Sprint(q.Number)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", number, q.Ref(), q.Topic, q.Level, q.Kind, q.Text)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	width := 0
	if isTerminal(a.out) {
		width = a.terminalWidth()
	}
	for line := range strings.Lines(text.String()) {
		if width > 0 {
			line = ansi.Truncate(strings.TrimSuffix(line, "\n"), width, "…") + "\n"
		}
		if _, err := io.WriteString(a.out, line); err != nil {
			return err
		}
	}
	a.notice("%s", counted(len(qs), "question"))
	return nil
}

func (a *app) bankShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show REF",
		Short:   "Show one question with answer, points and mistakes",
		Example: "  viva bank show 77\n  viva bank show lambda-cold-start --json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{"bank show takes one question", "viva bank show lambda-cold-start"}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.bankShow(args[0]) },
	}
}

func (a *app) bankShow(ref string) error {
	lib, err := a.library()
	if err != nil {
		return err
	}
	q, err := lib.Find(ref)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(q)
	}
	return a.printMarkdown(questionMarkdown(q, lib))
}

// questionMarkdown writes an entry as one reads it; lib knows its neighbours.
func questionMarkdown(q content.Question, lib content.Library) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s\n\n", q.Text, strings.Join(questionFacts(q), " · "))
	if q.Answer == "" {
		out.WriteString("This question has no reference answer: it is asked and never graded.\n")
	} else {
		fmt.Fprintf(&out, "%s\n", q.Answer)
	}
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(&out, "\n## %s\n\n- %s\n", title, strings.Join(lines, "\n- "))
		}
	}
	var points, mistakes, next, neighbours []string
	for _, p := range q.Points {
		points = append(points, fmt.Sprintf("%s (`%s`, weight %d)", p.Text, p.ID, p.Weight))
	}
	for _, m := range q.Mistakes {
		mistakes = append(mistakes, fmt.Sprintf("“%s” %s", m.Claim, m.Fix))
	}
	for _, f := range q.FollowUps {
		next = append(next, f.Ask)
	}
	for _, id := range q.Related {
		if n, err := lib.Find(q.Bank + ":" + id); err == nil {
			neighbours = append(neighbours, fmt.Sprintf("`%s`: %s", n.Ref(), n.Text))
		}
	}
	section("What a good answer says", points)
	section("What people get wrong", mistakes)
	section("What an interviewer asks next", next)
	section("Also asked as", q.AskedAs)
	section("See also", neighbours)
	if q.Source != "" {
		fmt.Fprintf(&out, "\nSource: %s, as of %s\n", q.Source, q.AsOf)
	}
	return out.String()
}

// questionFacts says what a question is, in the words that filters take.
func questionFacts(q content.Question) []string {
	facts := []string{"`" + q.Ref() + "`"}
	if q.Number != 0 {
		facts = append(facts, fmt.Sprintf("number %d", q.Number))
	}
	if q.Day != 0 {
		facts = append(facts, fmt.Sprintf("day %d", q.Day))
	}
	for _, f := range []string{q.Topic, string(q.Level), string(q.Kind)} {
		if f != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func (a *app) bankLintCommand() *cobra.Command {
	var source string
	cmd := &cobra.Command{
		Use:   "lint [PATH…]",
		Short: "Check a bank for what makes questions poor",
		Long: `Checks the banks at the paths, or the bank in use: wordings that are too few or
lead to another question, points that say the same, mistakes that a true answer
would trip over, and more. Findings go to stdout as file:line: what; the exit
code is 1 when there are any. A finding that you have judged and want to keep is
excused in its entry, under lint_ok, with rule, about (the text it speaks of)
and reason.`,
		Example: "  viva bank lint\n  viva bank lint my-questions.yaml --source where-they-came-from.md",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.bankLint(cmd.Context(), args, source) },
	}
	cmd.Flags().StringVar(&source, "source", "", "file from which no nine words in a row may be copied")
	return cmd
}

func (a *app) bankLint(ctx context.Context, paths []string, sourceFile string) error {
	var source []byte
	if sourceFile != "" {
		var err error
		if source, err = os.ReadFile(sourceFile); err != nil {
			return fmt.Errorf("read --source: %w", err)
		}
	}
	lib, invalid, err := a.lintLibrary(paths)
	if err != nil {
		return err
	}
	similar, err := a.similarity(ctx, lib)
	if err != nil {
		return err
	}
	var findings []content.Finding
	for _, f := range invalid {
		findings = append(findings, content.Finding{Fault: f, Rule: "valid"})
	}
	checked, excused := 0, 0
	for _, b := range lib {
		r, err := content.Lint(b, similar, string(source))
		if err != nil {
			return fmt.Errorf("lint bank %s: %w", b.Name, err)
		}
		findings = append(findings, r.Findings...)
		checked += len(b.Questions)
		excused += r.Excused
	}
	for _, f := range findings {
		if err := a.printFinding(f); err != nil {
			return err
		}
	}
	a.notice("%s", lintSummary(checked, len(findings), excused))
	if len(findings) > 0 {
		return errSilent
	}
	return nil
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func lintSummary(checked, found, excused int) string {
	s := counted(checked, "question") + " checked, " + counted(found, "finding")
	if excused > 0 {
		s += fmt.Sprintf(", %d excused by lint_ok", excused)
	}
	return s
}

// lintLibrary loads the banks to lint; faults that keep one from loading are findings.
func (a *app) lintLibrary(paths []string) (lib content.Library, invalid content.Faults, err error) {
	if len(paths) == 0 {
		lib, err = a.library()
		if errors.As(err, &invalid) {
			err = nil
		}
		return lib, invalid, err
	}
	for _, p := range paths {
		b, err := content.Load(p)
		var faults content.Faults
		switch {
		case errors.As(err, &faults):
			invalid = append(invalid, faults...)
		case err != nil:
			return nil, nil, err
		default:
			lib = append(lib, b)
		}
	}
	return lib, invalid, nil
}

// lintFinding is a finding as bank lint --json gives it, one a line.
type lintFinding struct {
	File string       `json:"file"`
	Line int          `json:"line"`
	Rule content.Rule `json:"rule"`
	What string       `json:"what"`
}

func (a *app) printFinding(f content.Finding) error {
	if a.json {
		return a.printJSON(lintFinding{f.File, f.Line, f.Rule, f.What})
	}
	_, err := fmt.Fprintf(a.out, "%s (%s)\n", f.Error(), f.Rule)
	return err
}

// similarity compares texts by their vectors; those of the built-in bank were
// made at build time.
func (a *app) similarity(ctx context.Context, lib content.Library) (content.Similarity, error) {
	if len(lib) == 0 {
		return nil, nil
	}
	ix, err := a.openIndex(ctx, lib)
	if err != nil {
		return nil, err
	}
	return func(texts []string) (func(string) ([]float32, error), error) {
		vectors, err := ix.Embed(ctx, texts)
		if err != nil {
			return nil, err
		}
		return func(text string) ([]float32, error) {
			v, err := ix.Embed(ctx, []string{text})
			if err != nil {
				return nil, err
			}
			row := make([]float32, len(vectors))
			for i := range vectors {
				row[i] = embed.Dot(v[0], vectors[i])
			}
			return row, nil
		}, nil
	}, nil
}
