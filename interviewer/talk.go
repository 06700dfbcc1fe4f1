package interviewer

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"viva/content"
	"viva/interviewer/grade"
	"viva/prompts"
)

// Clarify says what a question means, for a candidate who asks back, without
// giving anything of its answer away.
type Clarify func(ctx context.Context, q content.Question, asked, back string) (string, error)

// say chooses a line that was not said in this interview, as long as there is one.
func (s *Session) say(kind prompts.LineKind, in prompts.LineInput) prompts.Line {
	seed := fnv.New64a()
	from := s.id
	if s.history.plan.Seed != 0 {
		from = fmt.Sprint(s.history.plan.Seed)
	}
	fmt.Fprintf(seed, "%s %d", from, len(s.history.lines))
	line, err := prompts.Say(kind, in, s.history.lines, seed.Sum64())
	if err != nil {
		panic(err) // a template of ours over plain data
	}
	return line
}

// word gives an estimate feedback that opens with what was right, in words that
// were not used before. What a model said stays; so does what the gate says, save
// to somebody who does not know.
func (s *Session) word(g *grade.Grade) (opening prompts.Line) {
	right, half := g.Quoted()
	var l prompts.Line
	switch {
	case g.Has(grade.FlagDontKnow):
		l = s.say(prompts.LineUnknown, prompts.LineInput{})
		g.Feedback = l.Text
		return l
	case g.Feedback != g.Remark(""):
		return l
	case right != "":
		l = s.say(prompts.LineRight, prompts.LineInput{Quote: short(right)})
	case half != "":
		l = s.say(prompts.LineHalf, prompts.LineInput{Quote: short(half)})
	default:
		l = s.say(prompts.LineMissed, prompts.LineInput{})
	}
	g.Feedback = g.Remark(l.Text)
	return l
}

// lead is what is said before turn i is asked about, or about a point of it.
func (s *Session) lead(i int, point string) prompts.Line {
	h := &s.history
	if point != "" {
		t := &h.turns[i]
		quote, half := t.totalAt(len(t.Answers) - 1).Quoted() // there is one, since a follow-up is due
		if quote == "" {
			quote = half
		}
		if quote == "" {
			return s.say(prompts.LineAsking, prompts.LineInput{})
		}
		return s.say(prompts.LineOnward, prompts.LineInput{Quote: short(quote)})
	}
	if i == 0 {
		return prompts.Line{}
	}
	topic := h.turns[i].Question.Topic
	title := h.plan.title(topic)
	switch {
	case i == len(h.turns)-1 && i > 1:
		return s.say(prompts.LineLast, prompts.LineInput{})
	case title == "":
		return prompts.Line{}
	case topic == h.turns[i-1].Question.Topic:
		return s.say(prompts.LineStay, prompts.LineInput{Topic: title})
	}
	return s.say(prompts.LineBridge, prompts.LineInput{Topic: title})
}

// title is a topic's name as people say it.
func (p Plan) title(topic string) string {
	if t := p.Titles[topic]; t != "" {
		return t
	}
	return strings.ReplaceAll(topic, "-", " ")
}

// Rephrased returns a question in other words: the bank's own and, where it has
// none, those ways of asking that ask it and give nothing of its answer away.
func Rephrased(q content.Question) []string {
	if len(q.Rephrased) > 0 {
		return q.Rephrased
	}
	var all []string
	for _, text := range q.AskedAs {
		first, _, _ := strings.Cut(strings.ToLower(text), " ")
		asks := strings.HasSuffix(text, "?") || slices.Contains(askingWords, first)
		if asks && !grade.GivesAway(text, q) {
			all = append(all, text)
		}
	}
	return all
}

// askingWords are what a question or a request begins with.
var askingWords = []string{
	"how", "what", "which", "why", "when", "where", "who", "whose", "can", "could", "do", "does", "did", "is", "are", "should", "would", "will",
	"explain", "tell", "describe", "compare", "walk", "name",
}

// shortWords is how many words of a quote are said back.
const shortWords = 12

func short(quote string) string {
	words := strings.Fields(quote)
	if len(words) <= shortWords {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:shortWords], " ") + " …"
}

// maxBack is how often a candidate may ask back about one thing that was asked;
// then what is said counts as an answer.
const maxBack = 2

// asksBack are the words by which one asks the interviewer something.
var asksBack = []string{
	"do you mean", "you mean", "do you want", "would you like me", "are you asking", "are you talking", "your question", "what do you",
	"can you clarify", "could you clarify", "can you explain", "could you explain", "what is meant by",
	"should i", "shall i", "may i", "can i assume", "do i have to", "am i supposed", "is it about", "is this about",
}

// isAskingBack reports whether an answer is a question to the interviewer. One that
// only sounds unsure ("provisioned concurrency?") is an answer.
func isAskingBack(text string) bool {
	const most = 30 // words
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if !strings.HasSuffix(text, "?") || len(strings.Fields(text)) > most {
		return false
	}
	for _, words := range asksBack {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// Wish is what a candidate asks for in words where a command would do.
type Wish string

// The wishes that are understood.
const (
	WantsHint   Wish = "/hint"
	WantsRepeat Wish = "/repeat"
	WantsSkip   Wish = "/skip"
	WantsTime   Wish = "/time" // there is no such command: nothing has to be done
)

// wishes are matched against a short text without its punctuation.
var wishes = []struct {
	wish Wish
	text *regexp.Regexp
}{
	{WantsHint, regexp.MustCompile(`^(please )?(can|could|may) (i|you) (have|get|give me)( just)? a( little| small)? hint( please)?$|^(please )?(give me )?a hint( please)?$|^hint( please)?$`)},
	{WantsRepeat, regexp.MustCompile(`^(sorry )?(can|could|would) you (please )?(repeat|rephrase|say)( (that|it|this|the question))?( again| another way| differently)?( please)?$|^(please )?(repeat|rephrase)( that| it| the question)?( please)?$`)},
	{WantsSkip, regexp.MustCompile(`^.{0,40}\b(can|could|may|let) (we|i|us|me) skip( this)?( one| question)?( please)?$|^skip( this)?( one| question)?( please)?$`)},
	{WantsTime, regexp.MustCompile(`^(let me think|hmm+|um+|uh+|one moment|just a moment|give me a moment|wait)( please| about (it|that)| for a (moment|second))?$`)},
}

// WishIn reports what a short text asks for; "" for an answer.
func WishIn(text string) Wish {
	plain := strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
	for _, w := range wishes {
		if w.text.MatchString(plain) {
			return w.wish
		}
	}
	return ""
}

// clarify replies to a candidate who asks back. What was asked stays open.
func (s *Session) clarify(ctx context.Context, i int, back string) (Outcome, error) {
	t := &s.history.turns[i]
	e := Event{Kind: Clarified, Turn: i, Point: t.waiting.Point, Text: back}
	if s.examiner.Clarify != nil {
		if text, err := s.examiner.Clarify(ctx, t.Question, t.waiting.Text, back); err == nil {
			e.Lead = text
		} else if ctx.Err() != nil {
			return Outcome{}, ctx.Err()
		}
	}
	if e.Lead == "" {
		line := s.say(prompts.LineUnclear, prompts.LineInput{})
		e.Lead, e.Line = line.Text, line.ID
	}
	return Outcome{Turn: i, Point: e.Point, Clarified: e.Lead}, s.record(ctx, e)
}

// relay passes on how far the model has come. While a follow-up may still be asked,
// the words of points that were not made, and feedback, which names them, wait.
func (s *Session) relay(t *Turn) func(grade.Progress) {
	if s.watch == nil || s.history.plan.Exam {
		return nil
	}
	secret := len(t.followUps) < s.history.plan.FollowUps
	return func(p grade.Progress) {
		if secret {
			p.Points = untold(p.Points)
		}
		if p.Grade != nil && secret && len(p.Grade.Open()) > 0 {
			g := *p.Grade
			g.Points = untold(g.Points)
			p.Grade, p.Feedback = &g, ""
		}
		s.watch(p)
	}
}

// untold is points without the words of those that were not made.
func untold(points []grade.PointGrade) []grade.PointGrade {
	points = slices.Clone(points)
	for i := range points {
		if points[i].Verdict != grade.Met {
			points[i].Text = ""
		}
	}
	return points
}

// MaxAnswer is the longest answer taken, in bytes.
const MaxAnswer = 64 << 10

// ErrTooLong reports an answer over MaxAnswer.
var ErrTooLong = errors.New("the answer is longer than 64 kB: shorten it to what you would say aloud")

// Clean makes text from outside fit to keep, grade and show: bytes that are no
// UTF-8 become U+FFFD, what a terminal would obey is removed, and so are blank
// lines at both ends. repaired reports whether invalid UTF-8 was met.
func Clean(text string) (clean string, repaired bool) {
	repaired = !utf8.ValidString(text)
	if repaired {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.Trim(content.Printable(text), "\n"), repaired
}
