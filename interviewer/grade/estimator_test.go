package grade_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/index/embed"
	"viva/interviewer/grade"
	"viva/interviewer/grade/estimate"
)

// encoder is the built-in one; its weights are read once for all tests.
var encoder = sync.OnceValues(embed.New)

func estimator(t *testing.T, s grade.Strictness) *grade.Estimator {
	t.Helper()
	enc, err := encoder()
	if err != nil {
		t.Fatal(err)
	}
	vectors := func(ctx context.Context, texts []string) ([][]float32, error) {
		batch, err := enc.Embed(ctx, texts)
		return batch.Vectors, err
	}
	return grade.NewEstimator(estimate.Encoder{Embed: vectors, Split: enc.Pieces}, s)
}

// securityGroups is an entry of the built-in bank with an opposite for each point.
func securityGroups() content.Question {
	return content.Question{
		Bank: "own", ID: "security-groups", Text: "How does a security group treat return traffic, and which rules can it hold?",
		Answer: "A security group is stateful. It holds allow rules only. It is attached to network interfaces.",
		Points: []content.Point{
			{ID: "stateful", Text: "A security group is stateful: replies to allowed traffic pass without a rule.", Weight: 3,
				Say: []string{"it remembers the connection, so the answer gets back by itself", "no rule is needed for the return traffic"}},
			{ID: "allow-only", Text: "It holds allow rules only; nothing can be denied explicitly.", Weight: 2,
				Say: []string{"you can only write what is permitted", "there are no deny rules in there"}},
			{ID: "interface", Text: "It is attached to network interfaces, not to subnets.", Weight: 1,
				Say: []string{"it sits on the network card of the instance", "it works per ENI and not per subnet"}},
		},
		Mistakes: []content.Mistake{
			{Claim: "A security group is stateless.", Say: []string{"return traffic needs its own outbound rule", "it forgets the connection, so replies must be opened"}, Fix: "It is stateful; network ACLs are stateless."},
			{Claim: "A security group can deny an address.", Say: []string{"add a deny rule to block one IP", "put the bad address in as a deny"}, Fix: "It only allows; a network ACL denies."},
		},
	}
}

func estimated(t *testing.T, s grade.Strictness, sub grade.Submission) grade.Grade {
	t.Helper()
	if sub.Asked == "" {
		sub.Asked = sub.Reference.Question.Text
	}
	g, err := estimator(t, s).Grade(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func submission(answer string) grade.Submission {
	return grade.Submission{Reference: content.Reference{Question: securityGroups()}, Answer: answer}
}

func TestEstimatorAwardsWhatIsSaidInOtherWords(t *testing.T) {
	t.Parallel()
	g := estimated(t, grade.Normal, submission("It is stateful: it keeps track of each connection, so the replies are let through without any rule of their own. "+
		"And there is no way to deny anything, you only list what is allowed."))
	for i, want := range []bool{true, true, false} {
		if p := g.Points[i]; (p.Credit >= 0.5) != want || (p.Quote != "") != want {
			t.Errorf("point %s: credit %v, quote %q, want made: %v", p.ID, p.Credit, p.Quote, want)
		}
	}
	if g.Grader.Kind != grade.ByEstimate || g.PlusMinus == nil {
		t.Errorf("grader %v, ± %v", g.Grader, g.PlusMinus)
	}
}

func TestEstimatorCountsAMistake(t *testing.T) {
	t.Parallel()
	g := estimated(t, grade.Normal, submission("A security group is stateless, so return traffic needs its own outbound rule."))
	if len(g.Mistakes) == 0 || g.Mistakes[0].Fix == "" || *g.Score > 10 {
		t.Errorf("mistakes %v, score %d, want one with its fix, and 10 at most", g.Mistakes, *g.Score)
	}
}

func TestEstimatorGivesNoScoreToAnotherLanguage(t *testing.T) {
	t.Parallel()
	g := estimated(t, grade.Normal, submission("Eine Security Group merkt sich die Verbindung, deshalb braucht der Rückweg keine eigene Regel."))
	if g.Score != nil || g.Error == nil || !g.Has(grade.FlagLanguage) {
		t.Errorf("score %v, error %v, flags %v", g.Score, g.Error, g.Flags)
	}
}

func TestEstimatorDerivesPointsFromTheReference(t *testing.T) {
	t.Parallel()
	bare := func(answer string) grade.Grade {
		s := submission(answer)
		s.Reference.Question.Points, s.Reference.Question.Mistakes = nil, nil
		return estimated(t, grade.Normal, s)
	}
	g := bare("It is stateful, it holds nothing but allow rules, and it hangs on a network interface.")
	if len(g.Points) != 3 || !g.Has(grade.FlagDerivedPoints) {
		t.Errorf("%d points, flags %v, want the 3 sentences and %s", len(g.Points), g.Flags, grade.FlagDerivedPoints)
	}
	if off := bare("Glacier restores take hours, and lifecycle rules move objects there after ninety days."); *off.Score > 10 || *g.Score < 70 {
		t.Errorf("without points, a right answer scores %d and one off the topic %d", *g.Score, *off.Score)
	}
}

func TestEstimatorGradesOnlyThePointsAskedFor(t *testing.T) {
	t.Parallel()
	s := submission("It is on the network interface of the instance, not on the subnet.")
	s.Asked, s.Only = "What is it attached to?", []string{"interface"}
	g := estimated(t, grade.Normal, s)
	if len(g.Points) != 1 || *g.Score < 75 {
		t.Errorf("points %v, score %d, want interface alone and met", g.Points, *g.Score)
	}
}

func TestAStricterEstimateIsNeverHigher(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		"It remembers the connection. I think you can only allow things.",
		"It is some kind of firewall on the instance.",
	} {
		l, n, s := estimated(t, grade.Lenient, submission(answer)), estimated(t, grade.Normal, submission(answer)), estimated(t, grade.Strict, submission(answer))
		if *l.Score < *n.Score || *n.Score < *s.Score {
			t.Errorf("%q: lenient %d, normal %d, strict %d", answer, *l.Score, *n.Score, *s.Score)
		}
	}
}

func TestTheSameAnswerHasTheSameEstimate(t *testing.T) {
	t.Parallel()
	s := submission("It keeps state, and it allows only. Not sure about the rest.")
	a, b := estimated(t, grade.Normal, s), estimated(t, grade.Normal, s)
	a.Made, b.Made = grade.Provenance{}, grade.Provenance{}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two estimates (-first +second):\n%s", diff)
	}
}

// A MB of anything must neither break the estimator nor keep it busy for long.
func TestEstimatorReadsAnythingThatIsTyped(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]rune, 60_000)
	for i := range noise {
		noise[i] = rune(rng.IntN(0x3000))
	}
	for name, answer := range map[string]string{
		"control characters": "It is stateful.\x1b[2J\x07\x00 It \u202eallows only\u202c.",
		"noise":              string(noise),
		"one long word":      string(make([]byte, 60_000)),
	} {
		g := estimated(t, grade.Normal, submission(answer))
		if g.Score != nil && (*g.Score < 0 || *g.Score > 100) {
			t.Errorf("%s: score %d", name, *g.Score)
		}
	}
}
