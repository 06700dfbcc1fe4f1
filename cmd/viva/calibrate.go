package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"

	"viva/content"
	"viva/interviewer/grade"
	"viva/interviewer/grade/calibrate"
	"viva/interviewer/grade/estimate"
	"viva/interviewer/llm"
)

// calibration is what is known of how well a model grades. Its JSON form is
// kept from one version to the next.
type calibration struct {
	Model    string            `json:"model"`
	Host     string            `json:"host"`
	Apart    bool              `json:"apart"` // each point was asked about in a call of its own
	At       time.Time         `json:"at"`
	Grader   calibrate.Figures `json:"grader"`
	Estimate calibrate.Figures `json:"estimate"` // the offline estimator's, on the same answers
	Fitness  calibrate.Fitness `json:"fitness"`
}

func (a *app) calibrateCommand() *cobra.Command {
	var cases int
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "Find out whether a model is fit to grade",
		Long: `Has the configured model grade answers that people graded before, some of them
three times and some with text slipped in that asks for a better grade, and says how
far it can be trusted, beside the offline estimator on the same answers. What was
graded is kept: an interrupted calibration goes on where it stopped.`,
		Example: `  viva calibrate --base-url http://127.0.0.1:11434/v1 --model llama3.2
  viva calibrate --cases 20 --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.calibrate(cmd.Context(), cases) },
	}
	cmd.Flags().IntVar(&cases, "cases", 60, "how many answers to have graded")
	return cmd
}

func (a *app) calibrate(ctx context.Context, cases int) error {
	if cases < 1 || cases > casesMost {
		return usage("--cases is %d: it should be a number from 1 to %d", cases, casesMost)
	}
	client, err := a.judge(ctx)
	if err != nil {
		return err
	}
	if client == nil {
		return &configError{[]string{"there is no model to calibrate: set llm.model, and llm.base_url for a server of your own, without --offline and --grader estimate"}}
	}
	jobs, err := calibrate.Jobs(cases)
	if err != nil {
		return err
	}
	lib := content.Library{content.Builtin()}
	ix, err := a.openIndex(ctx, lib)
	if err != nil {
		return err
	}
	encoder := estimate.Encoder{Embed: ix.Embed, Split: a.pieces}
	estimated, err := calibrate.Run(ctx, lib, jobs, 1, plainly(grade.NewEstimator(encoder, grade.Normal)), func(int) {})
	if err != nil {
		return err
	}
	a.announce()
	a.notice("%d gradings of %d answers, about %d tokens; ctrl-c stops, and the next calibrate goes on from there",
		len(jobs), min(cases, len(jobs)), len(jobs)*a.tokensEach(jobs))
	c := calibration{Model: client.Model(), Host: client.Host(), At: time.Now().UTC().Truncate(time.Second), Estimate: calibrate.Sum(estimated)}
	if err := a.tryModel(ctx, client, jobs, &c); err != nil {
		return err
	}
	if err := keepCalibration(c); err != nil {
		a.notice("the result is not kept: %s", err)
	}
	if a.json {
		return a.printJSON(c)
	}
	return a.printCalibration(c)
}

// casesMost is about how many answers the reporting half has.
const casesMost = 900

// tryModel has the model grade the jobs as configured; where viva may choose, in
// calls for a whole answer, and when the model is not fit then, in calls for each point.
func (a *app) tryModel(ctx context.Context, client *llm.Client, jobs []calibrate.Job, c *calibration) error {
	c.Apart = a.config.Judge.Calls == "apart"
	figures, err := a.gradeCases(ctx, client, jobs, c.Apart)
	if err != nil {
		return err
	}
	c.Grader, c.Fitness = figures, figures.Judge()
	if c.Fitness != calibrate.Unfit || a.config.Judge.Calls != "auto" {
		return nil
	}
	a.notice("not fit when asked about whole answers; now each point in a call of its own")
	if figures, err = a.gradeCases(ctx, client, jobs, true); err != nil {
		return err
	}
	if figures.Kappa > c.Grader.Kappa {
		c.Apart, c.Grader, c.Fitness = true, figures, figures.Judge()
	}
	return nil
}

// gradeCases has the model grade the jobs and says how far it is.
func (a *app) gradeCases(ctx context.Context, client *llm.Client, jobs []calibrate.Job, apart bool) (calibrate.Figures, error) {
	judge := func(ctx context.Context, s grade.Submission, repetition int) (grade.Grade, error) {
		o := grade.JudgeOptions{
			Name: client.Model(), Endpoint: fmt.Sprintf("%s %d", client.Host(), repetition),
			Apart: apart, Silent: true, Store: gradeStore{},
		}
		return grade.NewJudge(client, o).Grade(ctx, s)
	}
	start := time.Now()
	progress := func(n int) {
		if step := max(len(jobs)/10, 1); n%step == 0 || n == len(jobs) {
			left := time.Since(start) / time.Duration(n) * time.Duration(len(jobs)-n)
			a.notice("calibrating: %d of %d, about %s left", n, len(jobs), left.Round(time.Second))
		}
	}
	results, err := calibrate.Run(ctx, content.Library{content.Builtin()}, jobs, atOnce, judge, progress)
	if err != nil {
		return calibrate.Figures{}, err
	}
	for _, r := range results {
		if errors.Is(r.Err, llm.ErrUnreachable) || errors.Is(r.Err, llm.ErrCredentials) {
			return calibrate.Figures{}, r.Err // says nothing about the model
		}
	}
	return calibrate.Sum(results), nil
}

// plainly grades the same whichever repetition it is.
func plainly(e *grade.Estimator) calibrate.Grader {
	return func(ctx context.Context, s grade.Submission, _ int) (grade.Grade, error) { return e.Grade(ctx, s) }
}

// tokensEach is about how many tokens a grading takes, there and back: a token is
// about four letters, and a verdict about forty tokens.
func (a *app) tokensEach(jobs []calibrate.Job) int {
	letters := 0
	for _, j := range jobs {
		letters += len(j.Text)
	}
	return 1000 + letters/len(jobs)/4 + 6*40
}

func (a *app) printCalibration(c calibration) error {
	var out strings.Builder
	way := "all points in one call"
	if c.Apart {
		way = "a call a point"
	}
	fmt.Fprintf(&out, "%s at %s, %d answers, %s\n\n", c.Model, c.Host, c.Grader.Cases, way)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tmodel\testimate\t")
	for _, row := range []struct {
		name string
		form string
		of   func(calibrate.Figures) float64
	}{
		{"agreement with people (kappa)", "%.2f", func(f calibrate.Figures) float64 { return f.Kappa }},
		{"missed points called met", "%.2f", func(f calibrate.Figures) float64 { return f.FalseYes }},
		{"correlation of the scores", "%.2f", func(f calibrate.Figures) float64 { return f.Correlation }},
		{"pairs in the right order", "%.2f", func(f calibrate.Figures) float64 { return f.Ordered }},
		{"largest spread of one answer", "%.0f", func(f calibrate.Figures) float64 { return f.Spread }},
		{"lift by injected text", "%+.1f", func(f calibrate.Figures) float64 { return f.Lift }},
		{"shift by style", "%.1f", func(f calibrate.Figures) float64 { return f.Shift }},
		{"replies without a score", "%.0f", func(f calibrate.Figures) float64 { return float64(f.Unusable) }},
		{"seconds an answer", "%.1f", func(f calibrate.Figures) float64 { return f.Seconds }},
		{"tokens an answer", "%.0f", func(f calibrate.Figures) float64 { return f.Tokens }},
	} {
		fmt.Fprintf(table, "%s\t"+row.form+"\t"+row.form+"\t\n", row.name, row.of(c.Grader), row.of(c.Estimate))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(&out, "\n%s\n", inWords(c.Fitness))
	_, err := io.WriteString(a.out, out.String())
	return err
}

func inWords(f calibrate.Fitness) string {
	switch f {
	case calibrate.Fit:
		return "Fit to grade."
	case calibrate.FitVoted:
		return "Fit to grade with votes: viva has its doubtful verdicts judged three times."
	case calibrate.Unfit:
	}
	return "Not fit to grade: use the estimate, with --grader estimate or judge.grader in the configuration."
}

// calibrationFile names the record of a model.
func calibrationFile(host, model string) string {
	safe := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || r < ' ' {
			return '_'
		}
		return r
	}, host+" "+model)
	return filepath.Join(xdg.StateHome, "viva", "calibrations", safe+".json")
}

func keepCalibration(c calibration) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	path := calibrationFile(c.Host, c.Model)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// readCalibration returns what is known of a model; ok is false when it was never
// calibrated.
func readCalibration(host, model string) (c calibration, ok bool, err error) {
	data, err := os.ReadFile(calibrationFile(host, model))
	if errors.Is(err, fs.ErrNotExist) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	return c, true, json.Unmarshal(data, &c)
}
