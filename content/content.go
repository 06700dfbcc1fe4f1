package content

import "fmt"

// BuiltinName is what the built-in bank is called on the command line.
const BuiltinName = "aws"

// Bank is a set of questions under one name. A *Bank from this package is valid.
type Bank struct {
	Name      string     `json:"name"`
	Version   string     `json:"version"` // first 12 hex digits of the sha256 of its files
	Topics    []Topic    `json:"topics"`
	Questions []Question `json:"questions"`
}

// Topic groups questions; Title is its name for people.
type Topic struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Question is one entry of a bank. Only ID and Text are always there.
type Question struct {
	Bank      string     `json:"bank"`
	ID        string     `json:"id"`                    // kebab case, unique in its bank
	Number    int        `json:"number,omitzero"`       // place in the built-in list; 0: none
	Day       int        `json:"day,omitzero"`          // day of the built-in list; 0: none
	Topic     string     `json:"topic,omitzero"`        // id of a topic; "" in a bank without topics
	Level     Level      `json:"level,omitzero"`        // "" where the bank does not say
	Kind      Kind       `json:"kind,omitzero"`         // "" where the bank does not say
	Text      string     `json:"question"`              // the question as it is asked
	AskedAs   []string   `json:"asked_as,omitempty"`    // other people's words for it
	Rephrased []string   `json:"rephrased,omitempty"`   // the question asked in other words, which tell nothing of the answer
	Searched  []string   `json:"searched_as,omitempty"` // what people type who need it; for the search alone
	Answer    string     `json:"answer,omitzero"`       // reference answer, Markdown; "": asked, never graded
	Points    []Point    `json:"points,omitempty"`
	Mistakes  []Mistake  `json:"mistakes,omitempty"`
	FollowUps []FollowUp `json:"follow_ups,omitempty"`
	Related   []string   `json:"related,omitempty"` // ids of neighbours in the same bank
	AsOf      string     `json:"as_of,omitzero"`    // year-month the facts were checked
	Source    string     `json:"source,omitzero"`
	Origin    *Origin    `json:"origin,omitempty"` // where an imported question came from
	Drafted   bool       `json:"drafted,omitzero"` // written by a model, not yet reviewed
	LintOK    []LintOK   `json:"lint_ok,omitempty"`
	Pos       Pos        `json:"pos"`
}

// Point is one fact of the reference answer that can be judged alone.
type Point struct {
	ID     string   `json:"id"` // unique in its question
	Text   string   `json:"text"`
	Weight int      `json:"weight"`        // 3: no good answer lacks it; 2: expected; 1: a bonus
	Say    []string `json:"say,omitempty"` // how people say it
	Pos    Pos      `json:"pos"`
}

// Mistake is a wrong claim that candidates make.
type Mistake struct {
	Claim string   `json:"claim"`
	Say   []string `json:"say,omitempty"` // how people say it
	Fix   string   `json:"fix"`           // the truth, and why it matters
	Pos   Pos      `json:"pos"`
}

// FollowUp is asked when the point it names was missed.
type FollowUp struct {
	Point string `json:"point"`
	Ask   string `json:"ask"`
	Pos   Pos    `json:"pos"`
}

// LintOK excuses findings of [Lint] about this question that a person has judged.
type LintOK struct {
	Rule   Rule   `json:"rule"`
	About  string `json:"about"`  // the finding's subject, as it stands in the file
	Reason string `json:"reason"` // why it may stay
	Pos    Pos    `json:"pos"`
}

// Origin says where an imported question was found.
type Origin struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Hash string `json:"hash"`
}

// Pos is a place in a bank file; the zero Pos is nowhere.
type Pos struct {
	File string `json:"file,omitzero"`
	Line int    `json:"line,omitzero"`
}

// String gives file:line, the form editors can jump to.
func (p Pos) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Level is how much experience a question expects.
type Level string

// Kind is what sort of thinking a question asks for.
type Kind string

// Levels and Kinds list the values a bank may use, in the order shown to people.
var (
	Levels = []Level{"foundation", "core", "advanced"}
	Kinds  = []Kind{"concept", "comparison", "scenario", "design", "troubleshooting", "security", "cost", "operations"}
)

// Key names the question across banks: bank:id.
func (q Question) Key() string { return q.Bank + ":" + q.ID }

// Ref is how the question is named in output: its id, or bank:id outside the
// built-in bank.
func (q Question) Ref() string {
	if q.Bank == BuiltinName {
		return q.ID
	}
	return q.Key()
}

// Place is the question's number in the built-in list, or nil.
func (q Question) Place() *int {
	if q.Number == 0 {
		return nil
	}
	return &q.Number
}

// Graded reports whether the question has a reference answer to grade against.
func (q Question) Graded() bool { return q.Answer != "" }

// Point returns the point with the given id.
func (q Question) Point(id string) (Point, bool) {
	for _, p := range q.Points {
		if p.ID == id {
			return p, true
		}
	}
	return Point{}, false
}

// FollowUp returns the follow-up question for a point, or "" if the bank has none.
func (q Question) FollowUp(point string) string {
	for _, f := range q.FollowUps {
		if f.Point == point {
			return f.Ask
		}
	}
	return ""
}

// Passage is one text of a question as it stands in the index.
type Passage struct {
	Question string // Key of its question
	Kind     PassageKind
	Part     string // id of the point, number of the mistake, or ""
	Text     string
}

// PassageKind says which part of an entry a passage is.
type PassageKind string

// The parts of an entry. Mistakes are embedded for grading and never searched.
const (
	PassageQuestion PassageKind = "question"
	PassageAskedAs  PassageKind = "asked_as"
	PassageSearched PassageKind = "searched_as"
	PassageAnswer   PassageKind = "answer"
	PassagePoint    PassageKind = "point"
	PassageSay      PassageKind = "say"
	PassageMistake  PassageKind = "mistake"
)

// Reference is what an answer is graded against: the question's own entry and,
// where the answer strays to a neighbour's subject, passages of that neighbour.
type Reference struct {
	Question   Question
	Neighbours []Passage
}

// answerWords is how many words of an answer go into one passage.
const answerWords = 160

// Passages lists every text of the question in a fixed order, a long answer in
// several pieces.
func (q Question) Passages() []Passage {
	ps := make([]Passage, 0, 96) // about as many as a full entry has
	add := func(kind PassageKind, part string, texts ...string) {
		for _, t := range texts {
			if t != "" {
				ps = append(ps, Passage{Question: q.Key(), Kind: kind, Part: part, Text: t})
			}
		}
	}
	add(PassageQuestion, "", q.Text)
	add(PassageAskedAs, "", q.AskedAs...)
	add(PassageSearched, "", q.Searched...)
	add(PassageAnswer, "", Chunks(q.Answer, answerWords)...)
	for _, p := range q.Points {
		add(PassagePoint, p.ID, p.Text)
		add(PassageSay, p.ID, p.Say...)
	}
	for i, m := range q.Mistakes {
		part := fmt.Sprint(i + 1)
		add(PassageMistake, part, m.Claim)
		add(PassageMistake, part, m.Say...)
	}
	return ps
}
