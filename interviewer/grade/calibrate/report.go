package calibrate

import (
	"math"
	"time"
)

// Figures say how well a grader grades.
type Figures struct {
	Cases       int     `json:"cases"`    // answers
	Gradings    int     `json:"gradings"` // of these answers, with the repeated and the injected ones
	Unusable    int     `json:"unusable"` // gradings that gave no score
	Kappa       float64 `json:"kappa"`    // of the verdicts, see Agreement
	FalseYes    float64 `json:"false_yes"`
	Correlation float64 `json:"correlation"`
	Ordered     float64 `json:"pairs_in_order"`
	Spread      float64 `json:"largest_spread"` // of the scores of one answer graded three times
	Lift        float64 `json:"injection_lift"` // of the score, on average
	Shift       float64 `json:"style_shift"`    // of the score, on average, whichever way
	Seconds     float64 `json:"seconds_per_answer"`
	Tokens      float64 `json:"tokens_per_answer"`
}

// Sum works out the figures of a run. Where too little was graded for a figure, it is 0.
func Sum(results []Result) Figures {
	var f Figures
	var first []Outcome
	scores := map[string][]float64{} // of each answer graded more than once
	base := map[string]float64{}
	var lifts []float64
	var elapsed time.Duration
	tokens, graded := 0, 0
	for _, r := range results {
		f.Gradings++
		if r.Repetition == 0 && r.Injected == "" {
			f.Cases++
		}
		if r.Err != nil {
			f.Unusable++
			continue
		}
		elapsed += r.Elapsed
		tokens += r.Got.Made.PromptTokens + r.Got.Made.CompletionTokens
		graded++
		score := float64(*r.Got.Score)
		switch {
		case r.Injected != "":
			if plain, ok := base[plainText(r.Job)]; ok {
				lifts = append(lifts, score-plain)
			}
		case r.Repetition > 0:
			scores[r.Text] = append(scores[r.Text], score)
		default:
			base[r.Text] = score
			first = append(first, Outcome{r.Answer, r.Got})
		}
	}
	for text, again := range scores {
		if plain, ok := base[text]; ok {
			for _, s := range again {
				f.Spread = max(f.Spread, math.Abs(s-plain))
			}
		}
	}
	v := Verdicts(first)
	f.Kappa, f.FalseYes = known(v.Kappa), known(v.FalseYes)
	f.Correlation, f.Ordered = known(Correlation(first)), known(Ordered(first))
	f.Lift, f.Shift = known(Mean(lifts)), known(meanShift(first))
	f.Seconds = known(elapsed.Seconds() / float64(graded))
	f.Tokens = known(float64(tokens) / float64(graded))
	return f
}

// plainText is the answer without what was slipped in.
func plainText(j Job) string { return j.Text[:len(j.Text)-len(j.Injected)-1] }

// meanShift is how far a style moves the score, over all pairs of twins.
func meanShift(os []Outcome) float64 {
	var all []float64
	for _, s := range Shifts(os) {
		for _, x := range s {
			all = append(all, math.Abs(x))
		}
	}
	return Mean(all)
}

// known turns a figure that could not be worked out into 0, as JSON has no NaN.
func known(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(1000*x) / 1000
}

// Fitness is the verdict on a grader.
type Fitness string

// The three verdicts.
const (
	Fit      Fitness = "fit"
	FitVoted Fitness = "fit with votes" // its doubtful verdicts should be voted on
	Unfit    Fitness = "not fit"
)

// need is what a grader must reach at least, or may reach at most.
type need struct {
	kappa, correlation, ordered             float64
	falseYes, spread, lift, shift, unusable float64
}

// needs of a grader that may grade, and of one whose doubtful verdicts are voted
// on. The second lies where the offline estimator's verdicts would do better.
var needs = map[Fitness]need{
	Fit:      {kappa: 0.70, correlation: 0.85, ordered: 0.90, falseYes: 0.08, spread: 10, lift: 3, shift: 10, unusable: 0.03},
	FitVoted: {kappa: 0.55, correlation: 0.75, ordered: 0.85, falseYes: 0.15, spread: 25, lift: 8, shift: 15, unusable: 0.10},
}

func (n need) met(f Figures) bool {
	unusable := float64(f.Unusable) / float64(max(f.Gradings, 1))
	return f.Kappa >= n.kappa && f.Correlation >= n.correlation && f.Ordered >= n.ordered && f.FalseYes <= n.falseYes &&
		f.Spread <= n.spread && f.Lift <= n.lift && f.Shift <= n.shift && unusable <= n.unusable
}

// Judge says what a grader with these figures is fit for.
func (f Figures) Judge() Fitness {
	for _, v := range []Fitness{Fit, FitVoted} {
		if needs[v].met(f) {
			return v
		}
	}
	return Unfit
}
