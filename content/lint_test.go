package content

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sharedWords compares texts by the words they share.
func sharedWords(texts []string) (func(string) ([]float32, error), error) {
	return func(text string) ([]float32, error) {
		row := make([]float32, len(texts))
		a := words(text)
		for i, t := range texts {
			b, both := words(t), 0
			for _, w := range a {
				if slices.Contains(b, w) {
					both++
				}
			}
			row[i] = float32(both) / float32(math.Sqrt(float64(max(len(a)*len(b), 1))))
		}
		return row, nil
	}, nil
}

// goodBank holds two neighbours without a fault.
func goodBank(t *testing.T) *Bank {
	t.Helper()
	b, err := load(`topic: lambda
title: AWS Lambda
questions:
  - id: warm
    number: 1
    level: core
    kind: concept
    question: What keeps a function warm?
    asked_as: [slow first call, lambda latency, how do I avoid boots, pool or snapshot]
    answer: |
` + strings.Repeat("      provisioned concurrency keeps environments ready before a request arrives and that costs money\n", 5) + `
    points:
      - {id: pool, text: Provisioned concurrency keeps environments ready., weight: 3, say: [it holds a pool ready, some wait before calls come]}
      - {id: cost, text: You pay for what you provision., weight: 2, say: [the meter runs all night, idle pools still cost money]}
      - {id: slim, text: Smaller packages begin sooner., weight: 1, say: [less code loads faster, cut the heavy libraries]}
    mistakes:
      - {claim: Reserved concurrency keeps it warm., say: [reserved concurrency means it is warm, reserved makes it warm], fix: Reserved concurrency is a cap and a share.}
      - {claim: A timer warms every copy., say: [a timer warms every single copy, the timer warms all copies], fix: A timer reaches one copy alone.}
    follow_ups:
      - {point: pool, ask: Which setting holds copies ready?}
    related: [store]
    as_of: 2026-11
    source: Lambda Developer Guide, "Concurrency"
  - id: store
    number: 2
    level: core
    kind: concept
    question: Where do large files belong?
    asked_as: [payload refused, big upload serverless, bucket instead of body, event against object]
    answer: |
` + strings.Repeat("      the file lies in a bucket and the event carries nothing but its key so size is no matter\n", 5) + `
    points:
      - {id: key, text: The event carries a reference., weight: 3, say: [hand over where it lies, only its key travels]}
      - {id: limit, text: Payloads are capped at six megabytes., weight: 2, say: [six meg is the top, more gets a refusal]}
      - {id: link, text: Clients use a signed link., weight: 1, say: [the browser puts it there itself, a temporary address bypasses us]}
    mistakes:
      - {claim: Memory raises the cap., say: [more memory raises the cap, memory lifts the cap], fix: The cap is fixed whatever the size.}
      - {claim: The event holds the file., say: [the event holds the whole file, an event is the file], fix: It holds bucket and key.}
    follow_ups:
      - {point: key, ask: How does the code find it?}
    related: [warm]
    as_of: 2026-11
    source: Lambda Developer Guide, "Quotas"
`)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lint(t *testing.T, b *Bank, source string) LintReport {
	t.Helper()
	r, err := Lint(b, sharedWords, source)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLintFindsNothingInAGoodBank(t *testing.T) {
	t.Parallel()
	if r := lint(t, goodBank(t), "some other text altogether"); len(r.Findings) > 0 {
		t.Errorf("findings in a good bank: %v", r.Findings)
	}
}

func TestLintFindsEachFault(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(b *Bank, q *Question)
		rule  Rule
		want  string
	}{
		"a number left out": {func(b *Bank, _ *Question) { b.Questions[1].Number = 3 },
			RuleNumbers, "number 2 is missing before 3"},
		"numbers left out": {func(b *Bank, _ *Question) { b.Questions[1].Number = 9 },
			RuleNumbers, "numbers 2 to 8 are missing before 9"},
		"a short answer": {func(_ *Bank, q *Question) { q.Answer = "Provision some." },
			RuleLength, `the answer of "warm" has 2 words, should have 60 to 150`},
		"a long answer": {func(_ *Bank, q *Question) { q.Answer = strings.Repeat("word ", 151) },
			RuleLength, "has 151 words, should have 60 to 150"},
		"a question of two words": {func(_ *Bank, q *Question) { q.Text = "Why warm?" },
			RuleLength, `the question of "warm" has 2 words`},
		"a wording that is only a noun": {func(_ *Bank, q *Question) { q.Points[0].Say[0] = "provisioned concurrency" },
			RuleLength, "a wording of point pool"},
		"a mistake in one word": {func(_ *Bank, q *Question) { q.Mistakes[0].Say[0] = "reserved" },
			RuleLength, "a wording of a mistake"},
		"a way of asking that is a speech": {func(_ *Bank, q *Question) { q.AskedAs[0] = strings.Repeat("why ", 21) },
			RuleLength, "a way of asking"},
		"three ways of asking": {func(_ *Bank, q *Question) { q.AskedAs = q.AskedAs[:3] },
			RuleCount, `asked_as of "warm": 3, should be 4 to 8`},
		"two points": {func(_ *Bank, q *Question) { q.Points = q.Points[:2] },
			RuleCount, `points of "warm": 2, should be 3 to 7`},
		"one mistake": {func(_ *Bank, q *Question) { q.Mistakes = q.Mistakes[:1] },
			RuleCount, `mistakes of "warm": 1, should be 2 to 5`},
		"a point with one wording": {func(_ *Bank, q *Question) { q.Points[1].Say = q.Points[1].Say[:1] },
			RuleCount, `wordings of point cost of "warm": 1, should be 2 to 5`},
		"a mistake with one wording": {func(_ *Bank, q *Question) { q.Mistakes[1].Say = q.Mistakes[1].Say[:1] },
			RuleCount, `wordings of mistake 2 of "warm": 1`},
		"no point that matters": {func(_ *Bank, q *Question) { q.Points[0].Weight = 2 },
			RuleCount, `points of weight 3 of "warm": 0, should be 1 to 3`},
		"no level": {func(_ *Bank, q *Question) { q.Level = "" },
			RuleMissing, `level of "warm" is missing`},
		"no source": {func(_ *Bank, q *Question) { q.Source = "" },
			RuleMissing, `source of "warm" is missing`},
		"a date that is none": {func(_ *Bank, q *Question) { q.AsOf = "last year" },
			RuleMissing, "should be a year and a month"},
		"a question that is a heading": {func(_ *Bank, q *Question) { q.Text = "How functions are kept warm" },
			RuleMissing, "does not end in a question mark"},
		"one wording twice": {func(_ *Bank, q *Question) { q.Points[1].Say[0] = "It holds a pool, ready!" },
			RuleTwice, "stands twice"},
		"two points that say the same": {func(_ *Bank, q *Question) { q.Points[2].Text = "Provisioned concurrency keeps environments all ready." },
			RuleAlike, `points "pool" and "slim" of "warm" say the same`},
		"a way of asking for another question": {func(b *Bank, q *Question) {
			q.Related, b.Questions[1].Related = nil, nil
			b.Questions[1].AskedAs = []string{"where large files belong", "files large belong where", "large upload", "event against object"}
			q.AskedAs[1] = "large files belong where"
		}, RuleAstray, `"large files belong where" of "warm" lies nearer to "store"`},
		"a mistake in the words of the truth": {func(_ *Bank, q *Question) { q.Mistakes[0].Say[1] = "provisioned concurrency has environments ready" },
			RuleMistake, `lies nearer to the true point "pool"`},
		"a neighbour on one side": {func(b *Bank, _ *Question) { b.Questions[1].Related = nil },
			RuleRelated, `"warm" names "store" as related, which does not name it back`},
		"no follow-up for what matters": {func(_ *Bank, q *Question) { q.FollowUps = nil },
			RuleFollowUp, `point "pool" of "warm" has weight 3 and no follow-up`},
		"a name in other letters": {func(_ *Bank, q *Question) { q.Points[0].Text = "Cloudwatch keeps environments ready." },
			RuleSpelling, `"Cloudwatch" is spelt "CloudWatch"`},
		"words of the source": {func(_ *Bank, q *Question) {
			q.Mistakes[0].Fix = "Well, one two three four, five six seven eight nine words."
		}, RuleSource, `"one two three four five six seven eight nine" stands in the source too`},
		"an excuse for nothing": {func(_ *Bank, q *Question) {
			q.LintOK = []LintOK{{Rule: RuleTwice, About: "a text", Reason: "so", Pos: q.Pos}}
		}, RuleTwice, "there is no such finding: remove it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := goodBank(t)
			test.spoil(b, &b.Questions[0])
			r := lint(t, b, "one two three four five six seven eight nine ten")
			for _, f := range r.Findings {
				if f.Rule == test.rule && strings.Contains(f.What, test.want) && f.File == "bank.yaml" && f.Line > 0 {
					return
				}
			}
			t.Errorf("findings %v, want one of rule %s with %q", r.Findings, test.rule, test.want)
		})
	}
}

func TestLintOKExcusesAFindingAndIsCounted(t *testing.T) {
	t.Parallel()
	b := goodBank(t)
	b.Questions[0].Points[1].Say[0] = "it holds a pool ready"
	b.Questions[0].LintOK = []LintOK{{Rule: RuleTwice, About: "it holds a pool ready", Reason: "both points are said so"}}
	if r := lint(t, b, ""); len(r.Findings) != 0 || r.Excused != 1 {
		t.Errorf("findings %v, %d excused, want none and 1", r.Findings, r.Excused)
	}
}

func TestLintOKExcusesAGapInTheNumbers(t *testing.T) {
	t.Parallel()
	b := goodBank(t)
	b.Questions[1].Number = 9
	b.Questions[1].LintOK = []LintOK{{Rule: RuleNumbers, About: "store", Reason: "the others are in another file"}}
	if r := lint(t, b, ""); len(r.Findings) != 0 || r.Excused != 1 {
		t.Errorf("findings %v, %d excused, want none and 1", r.Findings, r.Excused)
	}
}

func TestLintPassesOnWhatComparingFailed(t *testing.T) {
	t.Parallel()
	broken := errors.New("no encoder")
	_, err := Lint(goodBank(t), func([]string) (func(string) ([]float32, error), error) { return nil, broken }, "")
	if !errors.Is(err, broken) {
		t.Errorf("error = %v, want that of the comparison", err)
	}
	_, err = Lint(goodBank(t), func([]string) (func(string) ([]float32, error), error) {
		return func(string) ([]float32, error) { return nil, broken }, nil
	}, "")
	if !errors.Is(err, broken) {
		t.Errorf("error = %v, want that of the comparison", err)
	}
}

func TestNamesAreFoundInTextAndLeftAloneInCode(t *testing.T) {
	t.Parallel()
	spelt := spellings()
	for text, want := range map[string][]string{
		"Cloud Watch and cloudtrail record it.":                         {"Cloud Watch", "cloudtrail"},
		"A Step functions workflow, an Api Gateway in front.":           {"Step functions", "Api Gateway"},
		"an ec2 instance, an S3 bucket, RDS":                            {"ec2"},
		"the call `cloudwatch:PutMetricData` and s3:GetObject":          nil,
		"lambda.amazonaws.com, arn:aws:iam::1:role/x and aws_s3_bucket": nil,
		"it goes to kms, which is short":                                {"kms"},
		"Auto\nScaling group over a line end":                           nil,
		"I am not sure":                                                 nil,
		"they step, functions follow":                                   nil,
	} {
		var got []string
		for _, m := range misspelt(text, spelt) {
			got = append(got, m.written)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("misspelt(%q) (-want +got):\n%s", text, diff)
		}
	}
}
