// Gen fits the offline estimator to the fitting half of the graded answers and
// writes interviewer/grade/calibration.bin, and packs the reporting half for "viva
// calibrate". Run it with go generate ./interviewer/grade, after
// go generate ./content ./index; it takes a minute.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"viva/content"
	"viva/index"
	"viva/index/embed"
	"viva/interviewer/grade"
	"viva/interviewer/grade/calibrate"
	"viva/interviewer/grade/estimate"
)

// The files, seen from the folder interviewer/grade.
const (
	graded    = "testdata/graded/*.jsonl"
	modelFile = "calibration.bin"
	otherHalf = "calibrate/reporting.jsonl.gz"
)

// twinWeight is how much an answer in a style counts that says the same as
// another: the styles are few among the answers, and should weigh as much as the rest.
const twinWeight = 2

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "interviewer/grade/gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	fitting, reporting, err := answers()
	if err != nil {
		return err
	}
	if err := pack(reporting); err != nil {
		return err
	}
	encoder, err := encoder(ctx)
	if err != nil {
		return err
	}
	var examples []estimate.Example
	for _, a := range fitting {
		e, err := example(ctx, encoder, a)
		if err != nil {
			return fmt.Errorf("answer to %s: %w", a.Question, err)
		}
		examples = append(examples, e)
	}
	model, held := estimate.Fit(examples)
	model.Errors = spread(fitting, held)
	data, err := model.AppendBinary(nil)
	if err != nil {
		return err
	}
	return os.WriteFile(modelFile, data, 0o644)
}

// answers reads the graded answers, each half in the order of the files.
func answers() (fitting, reporting []calibrate.Answer, err error) {
	files, err := filepath.Glob(graded)
	if err != nil || len(files) == 0 {
		return nil, nil, errors.Join(err, errors.New("no graded answers"))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		all, err := calibrate.ReadAnswers(bytes.NewReader(data))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, a := range all {
			if a.Reporting() {
				reporting = append(reporting, a)
			} else {
				fitting = append(fitting, a)
			}
		}
	}
	return fitting, reporting, nil
}

// pack writes the reporting half.
func pack(answers []calibrate.Answer) error {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(zip)
	lines.SetEscapeHTML(false)
	for _, a := range answers {
		if err := lines.Encode(a); err != nil {
			return err
		}
	}
	if err := zip.Close(); err != nil {
		return err
	}
	return os.WriteFile(otherHalf, out.Bytes(), 0o644)
}

// encoder is the built-in one, with the vectors of the built-in bank.
func encoder(ctx context.Context) (estimate.Encoder, error) {
	enc, err := embed.New()
	if err != nil {
		return estimate.Encoder{}, err
	}
	ix, err := index.Open(ctx, content.Library{content.Builtin()}, enc, index.Options{})
	if err != nil {
		return estimate.Encoder{}, err
	}
	return estimate.Encoder{Embed: ix.Embed, Split: enc.Pieces}, nil
}

// example measures an answer and adds what people made of it.
func example(ctx context.Context, encoder estimate.Encoder, a calibrate.Answer) (estimate.Example, error) {
	q, err := content.Library{content.Builtin()}.Find(a.Question)
	if err != nil {
		return estimate.Example{}, err
	}
	s := grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: a.Text}
	r, err := grade.Read(ctx, encoder, s, a.Text)
	if err != nil {
		return estimate.Example{}, err
	}
	e := estimate.Example{Reading: r, Question: a.Question, Weight: 1}
	if a.Twin != "" {
		e.Weight = twinWeight
	}
	for _, p := range q.Points {
		verdict, ok := a.Points[p.ID]
		if !ok {
			return e, fmt.Errorf("no verdict on point %s", p.ID)
		}
		e.Credits = append(e.Credits, verdict.Credit())
	}
	for i := range q.Mistakes {
		e.Made = append(e.Made, slices.Contains(a.Mistakes, i+1))
	}
	e.Worth = worth(a, q, e.Credits)
	return e, nil
}

// worthLeast is what an answer is worth at least. Lower, and answers that might be
// wrong throughout would weigh on all others that are short of points.
const worthLeast = -0.15

// worth is the answer's score as a share of 1 or, where its verdicts and mistakes add
// up to less than nothing, that: a score of 0 does not tell silence from error.
func worth(a calibrate.Answer, q content.Question, credits []float64) float64 {
	sum, weight := 0.0, 0.0
	for j, p := range q.Points {
		sum, weight = sum+float64(p.Weight)*credits[j], weight+float64(p.Weight)
	}
	sum = sum/weight - estimate.ClaimCost/100.0*float64(len(a.Mistakes))
	return min(float64(a.Score)/100, max(sum, worthLeast))
}

// spread finds how far off the scores are that models give answers to questions
// they have not seen, by band of the score: the eightieth percentile.
func spread(answers []calibrate.Answer, held []estimate.Estimate) (errors [5]uint8) {
	var by [len(errors)][]float64
	for i, a := range answers {
		score := scoreOf(a, held[i])
		band := min(score*len(by)/100, len(by)-1)
		by[band] = append(by[band], math.Abs(float64(score-a.Score)))
	}
	for i, off := range by {
		errors[i] = uint8(math.Ceil(calibrate.Quantile(off, 0.8)))
	}
	return errors
}

// scoreOf is the score that follows from estimated credits and claims.
func scoreOf(a calibrate.Answer, h estimate.Estimate) int {
	q, err := content.Library{content.Builtin()}.Find(a.Question)
	if err != nil {
		return 0 // example found it before
	}
	var points []grade.PointGrade
	for j, p := range q.Points {
		points = append(points, grade.PointGrade{Weight: p.Weight, Credit: h.Credits[j]})
	}
	mistakes := 0
	for _, likely := range h.Claims {
		if likely >= estimate.ClaimAt {
			mistakes++
		}
	}
	return grade.Score(points, mistakes, 100)
}
