package grade

import (
	"slices"
	"time"

	"viva/content"
)

// Submission is one answer to be graded.
type Submission struct {
	Reference content.Reference // what it is graded against, from the index
	Asked     string            // what the candidate was asked: the question, or a follow-up
	Answer    string            // what the candidate wrote: data, never instructions
	Only      []string          // ids of the points to grade; nil: all
	Dispute   *Dispute          // why a verdict is disputed; nil: it is not
	Watch     func(Progress)    // is told how far a model has come; nil: nobody
}

// Progress is how far a model has come with an answer.
type Progress struct {
	Of       int          // points there are, where each is asked about alone
	Points   []PointGrade // those judged so far, as first heard: a vote may change them
	Tokens   int          // that the model has written; 0: it does not say
	Grade    *Grade       // the verdicts, once they are settled; nil before
	Feedback string       // as much of it as has come
}

func (s Submission) tell(p Progress) {
	if s.Watch != nil {
		s.Watch(p)
	}
}

// Dispute is a candidate's objection to one verdict.
type Dispute struct {
	Point   string `json:"point"`
	Because string `json:"because"`
}

// Verdict says how an answer stands to one point.
type Verdict string

// The four verdicts.
const (
	Met          Verdict = "met"
	Partly       Verdict = "partly"
	Missed       Verdict = "missed"
	Contradicted Verdict = "contradicted"
)

// Sign marks the verdict where colour and room are short.
func (v Verdict) Sign() string {
	switch v {
	case Met:
		return "✓"
	case Partly:
		return "◐"
	case Missed:
		return "✗"
	case Contradicted:
		return "!"
	}
	return "?"
}

// Kind says who graded.
type Kind string

// A grade comes from a language model or from the offline estimator, and the
// two are never mixed in one trend.
const (
	ByModel    Kind = "model"
	ByEstimate Kind = "estimate"
)

// Flag marks something the reader of a grade should know.
type Flag string

// Flags. The first eight come from the gate, which asks no model.
const (
	FlagEmpty         Flag = "empty"          // nothing was said
	FlagShort         Flag = "short"          // too short to mean anything
	FlagEcho          Flag = "echo"           // the question said back
	FlagDontKnow      Flag = "dont_know"      // the candidate says they do not know
	FlagKeywords      Flag = "keywords"       // terms in a row that relate to nothing; capped
	FlagRepetition    Flag = "repetition"     // one phrase over and over
	FlagInstruction   Flag = "instruction"    // instructions to the grader were seen, and not followed
	FlagOffTopic      Flag = "off_topic"      // about something else
	FlagLanguage      Flag = "language"       // not English: no estimate is given
	FlagModelFailed   Flag = "model_failed"   // the model could not grade; this is an estimate
	FlagEvidence      Flag = "evidence"       // an award fell because its quote did not hold
	FlagDerivedPoints Flag = "derived_points" // the bank has no points; they are the reference's sentences
)

// Remark is what a person should be told about a flag, or "" where the feedback
// says it already.
func (f Flag) Remark() string {
	switch f {
	case FlagInstruction:
		return "Instructions to the grader were seen in the answer. They change nothing."
	case FlagKeywords:
		return "Terms in a row, without what they do or how they relate, earn little."
	case FlagOffTopic:
		return "Much of this is about something else."
	case FlagEvidence:
		return "An award fell, because its quote does not stand in the answer."
	case FlagDerivedPoints:
		return "The bank lists no points here: they were derived from the reference answer."
	}
	return ""
}

// Grade is the result of one submission. Its JSON form is stable.
type Grade struct {
	ID        string         `json:"id"`       // hash of what was graded, or the batch line's id
	Question  string         `json:"question"` // the question's reference: id, or bank:id
	Number    *int           `json:"number"`   // place in the built-in list; nil: none
	Score     *int           `json:"score"`    // 0 to 100; nil: no honest score can be given, see Error
	PlusMinus *int           `json:"plus_minus"`
	Band      string         `json:"band"` // none, weak, partial, fair or strong; "" without a score
	Grader    Grader         `json:"grader"`
	Points    []PointGrade   `json:"points"`
	Mistakes  []MistakeFound `json:"mistakes"`
	Flags     []Flag         `json:"flags"`
	Feedback  string         `json:"feedback"`
	FollowUp  *FollowUp      `json:"follow_up,omitempty"` // nil: the model worded none
	Error     *string        `json:"error"`
	Made      Provenance     `json:"made"`
}

// FollowUp is a question that leads to an open point and does not give it away.
type FollowUp struct {
	Point string `json:"point"`
	Ask   string `json:"ask"`
}

// Grader names who graded.
type Grader struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"` // the model's name, or "built-in"
}

// PointGrade is the verdict on one point.
type PointGrade struct {
	ID      string  `json:"id"`
	Text    string  `json:"text"`
	Weight  int     `json:"weight"`
	Verdict Verdict `json:"verdict"`
	Quote   string  `json:"quote"`  // words of the answer; "" where nothing is awarded
	Credit  float64 `json:"credit"` // from −½ to 1: what the score is made of

	Firmness Firmness `json:"firmness,omitempty"` // how a vote went; "": there was none
}

// Firmness says how the votes on a doubtful point went.
type Firmness string

// A verdict is firm when all votes agree, else a close call.
const (
	Firm      Firmness = "firm"
	CloseCall Firmness = "close call"
)

// MistakeFound is a wrong claim seen in the answer.
type MistakeFound struct {
	Claim string `json:"claim"`
	Quote string `json:"quote"`
	Fix   string `json:"fix"`
}

// Provenance says how a grade came about.
type Provenance struct {
	At               time.Time `json:"at,omitzero"`
	Prompt           string    `json:"prompt,omitzero"` // the judge prompt's version; "" for an estimate
	Bank             string    `json:"bank,omitzero"`   // the bank's version
	Milliseconds     int64     `json:"ms"`
	PromptTokens     int       `json:"prompt_tokens,omitzero"`
	CompletionTokens int       `json:"completion_tokens,omitzero"`
}

// Open returns the points of g that earned less than full credit, the heaviest
// first, in the bank's order among equals.
func (g Grade) Open() []PointGrade {
	var open []PointGrade
	for weight := 3; weight >= 1; weight-- {
		for _, p := range g.Points {
			if p.Weight == weight && p.Verdict != Met {
				open = append(open, p)
			}
		}
	}
	return open
}

// HasPoint reports whether g judges the point.
func (g Grade) HasPoint(id string) bool {
	return slices.ContainsFunc(g.Points, func(p PointGrade) bool { return p.ID == id })
}

// Has reports whether g carries the flag.
func (g Grade) Has(f Flag) bool {
	return slices.Contains(g.Flags, f)
}
