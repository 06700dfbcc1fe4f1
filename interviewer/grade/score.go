package grade

import (
	"math"
	"slices"

	"viva/interviewer/grade/estimate"
)

// Everything that turns verdicts into a number stands here.
const (
	creditMet          = 1.0
	creditPartly       = 0.5
	creditMissed       = 0.0
	creditContradicted = -0.5

	// An estimated credit is shown as the verdict whose band it falls in.
	bandMet    = 0.75
	bandPartly = 0.25
	bandMissed = -0.25

	mistakeCost   = estimate.ClaimCost // points of the score, for each wrong claim
	keywordCap    = 25                 // highest score of a dump of terms,
	nothingCap    = 8                  // and of sentences that only ask, or only call things important
	followUpShare = 0.75

	bendLenient = 0.6 // exponents of an estimated credit
	bendStrict  = 1.6

	// HintCost is what each hint takes off a question's score.
	HintCost = 5
)

// Strictness moves the cut-offs of both graders. It never reaches a prompt. The
// zero value is Normal.
type Strictness string

// The three strictnesses.
const (
	Lenient Strictness = "lenient"
	Normal  Strictness = "normal"
	Strict  Strictness = "strict"
)

// partly is the credit of a point that is met in part.
func (s Strictness) partly() float64 {
	switch s {
	case Lenient:
		return 0.65
	case Strict:
		return 0.35
	}
	return creditPartly
}

// bend moves an estimated credit. What is certain stays as it is, and more credit
// stays more.
func (s Strictness) bend(credit float64) float64 {
	if credit <= 0 || credit >= 1 {
		return credit
	}
	switch s {
	case Lenient:
		return math.Pow(credit, bendLenient)
	case Strict:
		return math.Pow(credit, bendStrict)
	}
	return credit
}

// Credit is what the verdict is worth at normal strictness, from −½ to 1.
func (v Verdict) Credit() float64 { return Normal.credit(v) }

// credit is what a model's verdict is worth, from −½ to 1.
func (s Strictness) credit(v Verdict) float64 {
	switch v {
	case Met:
		return creditMet
	case Partly:
		return s.partly()
	case Contradicted:
		return creditContradicted
	}
	return creditMissed
}

// VerdictFor returns the verdict shown for an estimated credit.
func VerdictFor(credit float64) Verdict {
	switch {
	case credit >= bandMet:
		return Met
	case credit >= bandPartly:
		return Partly
	case credit >= bandMissed:
		return Missed
	}
	return Contradicted
}

// Score is 100 · Σ weight·credit / Σ weight, less what the mistakes cost,
// between 0 and limit. Without points it is 0.
func Score(points []PointGrade, mistakes, limit int) int {
	sum, weights := 0.0, 0
	for _, p := range points {
		sum += float64(p.Weight) * p.Credit
		weights += p.Weight
	}
	if weights == 0 {
		return 0
	}
	score := int(math.Round(100*sum/float64(weights))) - mistakes*mistakeCost
	return min(max(score, 0), min(limit, 100))
}

// Band names a score for people.
func Band(score int) string {
	switch {
	case score == 0:
		return "none"
	case score < 40:
		return "weak"
	case score < 60:
		return "partial"
	case score < 80:
		return "fair"
	}
	return "strong"
}

// Combine returns the grade of a whole try: base, lifted by the follow-ups'
// grades and lowered by the hints taken. A point won in a follow-up earns three
// quarters of its credit; nothing said there costs anything, and the mistakes of
// base still count. The result's points show the better verdict of the two; base
// is not changed.
func Combine(base Grade, followUps []Grade, hints int) Grade {
	if base.Score == nil {
		return base
	}
	total := base
	total.Points = slices.Clone(base.Points)
	lifted := false
	for i := range total.Points {
		p := &total.Points[i]
		for _, f := range followUps {
			won := f.point(p.ID)
			if credit := followUpShare * won.Credit; credit > max(p.Credit, 0) {
				p.Credit, p.Verdict, p.Quote = credit, won.Verdict, won.Quote
				lifted = true
			}
		}
	}
	score := *base.Score
	if lifted {
		score = max(score, Score(total.Points, len(base.Mistakes), 100))
	}
	score = max(score-hints*HintCost, 0)
	total.Score, total.Band = &score, Band(score)
	return total
}

// point returns the grade of the point with that id, or the zero PointGrade.
func (g Grade) point(id string) PointGrade {
	for _, p := range g.Points {
		if p.ID == id {
			return p
		}
	}
	return PointGrade{}
}
