package content

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// load reads one bank file called bank.yaml.
func load(text string) (*Bank, error) {
	return LoadFS(fstest.MapFS{"bank.yaml": {Data: []byte(text)}}, "mine", "", "bank.yaml")
}

func TestLoadReadsEveryFieldWithItsPlace(t *testing.T) {
	t.Parallel()
	b, err := load(`topic: lambda
title: AWS Lambda
questions:
  - id: cold-start
    number: 77
    day: 7
    level: core
    kind: troubleshooting
    question: "What is a cold start?"
    asked_as: [slow first call]
    answer: |
      It boots a container.
    points:
      - id: what
        text: It is start-up time.
        weight: 3
        say: [it has to boot]
    mistakes:
      - claim: It is the network.
        say: [the network is slow]
        fix: It is the environment.
    follow_ups:
      - point: what
        ask: What happens first?
    related: [warm]
    as_of: 2026-11
    source: Developer Guide
    origin: {file: a.md, line: 3, hash: abc}
    drafted: true
    lint_ok:
      - {rule: astray, about: slow first call, reason: everybody says so}
  - {id: warm, question: 'What is warm?', related: [cold-start]}
`)
	if err != nil {
		t.Fatal(err)
	}
	at := func(line int) Pos { return Pos{"bank.yaml", line} }
	want := Question{
		Bank: "mine", ID: "cold-start", Number: 77, Day: 7, Topic: "lambda", Level: "core", Kind: "troubleshooting",
		Text: "What is a cold start?", AskedAs: []string{"slow first call"}, Answer: "It boots a container.",
		Points:    []Point{{ID: "what", Text: "It is start-up time.", Weight: 3, Say: []string{"it has to boot"}, Pos: at(14)}},
		Mistakes:  []Mistake{{Claim: "It is the network.", Say: []string{"the network is slow"}, Fix: "It is the environment.", Pos: at(19)}},
		FollowUps: []FollowUp{{Point: "what", Ask: "What happens first?", Pos: at(23)}},
		Related:   []string{"warm"}, AsOf: "2026-11", Source: "Developer Guide",
		Origin: &Origin{File: "a.md", Line: 3, Hash: "abc"}, Drafted: true, Pos: at(4),
		LintOK: []LintOK{{Rule: RuleAstray, About: "slow first call", Reason: "everybody says so", Pos: at(31)}},
	}
	if diff := cmp.Diff(want, b.Questions[0]); diff != "" {
		t.Errorf("first question (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Topic{{"lambda", "AWS Lambda"}}, b.Topics); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
}

func TestLoadListsEveryFaultByFileAndLine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bank string
		want []string
	}{
		"an empty file":           {"", []string{"bank.yaml:1: the file is empty"}},
		"no YAML":                 {"topic: 'x", []string{"bank.yaml:1: not YAML"}},
		"a broken twelfth line":   {"questions:\n" + strings.Repeat("# filler\n", 10) + "  - id: 'a", []string{"bank.yaml:12: not YAML"}},
		"a broken indentation":    {"questions:\n" + strings.Repeat("  # filler\n", 7) + "  - id: a\n    question: b\n    level: core\n   - id: c", []string{"bank.yaml:12: not YAML"}},
		"a list at the top":       {"- id: a", []string{"bank.yaml:1: a bank file should be a mapping: begin it with questions:"}},
		"no questions":            {"topic: x", []string{"bank.yaml:1: no questions"}},
		"two documents":           {"questions: []\n---\nquestions: []", []string{"more than one YAML document"}},
		"an unknown key":          {"questions:\n  - {id: a, question: 'A?', colour: red}", []string{`bank.yaml:2: unknown key "colour"`}},
		"a doubled key":           {"questions:\n  - id: a\n    id: b\n    question: 'A?'", []string{`bank.yaml:3: key "id" stands twice`}},
		"a level of another name": {"questions:\n  - id: a\n    question: 'A?'\n    level: junior", []string{`bank.yaml:4: level is "junior": it should be one of foundation`}},
		"a weight out of range":   {"questions:\n  - id: a\n    question: 'A?'\n    answer: B\n    points:\n      - {id: p, text: t, weight: 4}", []string{`bank.yaml:6: weight is "4"`}},
		"a text that is a list":   {"questions:\n  - id: a\n    question: [A]", []string{"bank.yaml:3: a list or mapping stands where a text should"}},
		"a list that is a text":   {"questions:\n  - id: a\n    question: 'A?'\n    asked_as: b", []string{"bank.yaml:4: a single value stands where a list should"}},
		"several faults at once": {
			"questions:\n  - {id: Bad Id, question: 'A?'}\n  - {id: a}\n  - {id: a, question: 'A?'}",
			[]string{`bank.yaml:2: id "Bad Id" should be kebab case`, `bank.yaml:3: question "a" has no text`, `bank.yaml:4: id "a" is taken by bank.yaml:3`},
		},
		"a follow-up without its point": {
			"questions:\n  - id: a\n    question: 'A?'\n    follow_ups:\n      - {point: p, ask: Why}",
			[]string{`bank.yaml:5: a follow-up for point "p", which question "a" does not have`},
		},
		"a neighbour that is not there": {"questions:\n  - {id: a, question: 'A?', related: [b]}", []string{`bank.yaml:2: question "a" is related to "b"`}},
		"an answer without a word":      {"questions:\n  - {id: a, question: 'A?', answer: '→ ★'}", []string{`bank.yaml:2: the answer of "a" holds no word`}},
		"a lint_ok without a reason":    {"questions:\n  - {id: a, question: 'A?', lint_ok: [{rule: twice, about: b}]}", []string{"bank.yaml:2: a lint_ok needs rule, about and reason"}},
		"a lint_ok of no rule":          {"questions:\n  - {id: a, question: 'A?', lint_ok: [{rule: taste, about: b, reason: c}]}", []string{`bank.yaml:2: rule is "taste": it should be one of numbers, length`}},
		"an alias":                      {"questions:\n  - {id: a, question: &q 'A?', answer: *q}", []string{"bank.yaml:2: answer is an alias"}},
		"faults of both kinds": {
			"questions:\n  - {id: a, question: 'A?', level: junior}\n  - {id: a, question: 'B?'}",
			[]string{"bank.yaml:2: level is", `bank.yaml:3: id "a" is taken`},
		},
		"points without an answer": {
			"questions:\n  - id: a\n    question: 'A?'\n    points: [{id: p, text: t, weight: 1}]",
			[]string{`bank.yaml:2: question "a" has points but no answer`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(test.bank)
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("error = %v, want Faults", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error = %q, want it to hold %q", err, want)
				}
			}
		})
	}
}

func TestLoadNeedsOnlyIDAndQuestion(t *testing.T) {
	t.Parallel()
	b, err := load("questions:\n  - id: a\n    question: 'Why?'\n")
	if err != nil {
		t.Fatal(err)
	}
	if q := b.Questions[0]; q.Graded() || q.Ref() != "mine:a" || q.Place() != nil {
		t.Errorf("a bare question: graded %v, ref %q, place %v", q.Graded(), q.Ref(), q.Place())
	}
}

func TestLoadRefusesABankWithoutQuestions(t *testing.T) {
	t.Parallel()
	if _, err := load("questions: []"); !errors.Is(err, ErrNoQuestions) {
		t.Errorf("error = %v, want ErrNoQuestions", err)
	}
	if _, err := Load(t.TempDir()); !errors.Is(err, ErrNoQuestions) {
		t.Errorf("an empty folder: error = %v, want ErrNoQuestions", err)
	}
}

func TestBuiltinIsCompiledFromTheYAML(t *testing.T) {
	t.Parallel()
	b, err := LoadAWS(os.DirFS("aws"))
	if err != nil {
		t.Fatal(err)
	}
	if b.Compile() != builtin {
		t.Error("content/aws/bank.bin is stale: run go generate ./content ./index")
	}
	if diff := cmp.Diff(b, Builtin()); diff != "" {
		t.Errorf("Builtin() differs from the YAML (-yaml +builtin):\n%s", diff)
	}
}

func TestBuiltinHoldsEveryTopic(t *testing.T) {
	t.Parallel()
	b := Builtin()
	if len(b.Questions) != 301 || len(b.Topics) != 24 {
		t.Errorf("built-in bank: %d questions over %d topics, want 301 over 24", len(b.Questions), len(b.Topics))
	}
	unnumbered := 0
	for i, q := range b.Questions {
		switch {
		case q.Number == 0 && q.Day == 17:
			unnumbered++
		case q.Number != i+1:
			t.Errorf("%s has number %d, want %d: they run from 1 to 300", q.ID, q.Number, i+1)
		}
		if q.Answer == "" || q.Level == "" || q.Kind == "" || q.Day < 1 || q.Day > 28 {
			t.Errorf("%s: not a full entry", q.ID)
		}
	}
	if unnumbered != 1 {
		t.Errorf("%d questions without a number, want the one of day 17", unnumbered)
	}
}

func TestACompiledBankIsReadAsItWas(t *testing.T) {
	t.Parallel()
	want := goodBank(t)
	want.Questions[0].LintOK = []LintOK{{Rule: RuleTwice, About: "x", Reason: "y", Pos: Pos{"bank.yaml", 9}}}
	got, err := decompile(want.Compile())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decompile(Compile()) (-want +got):\n%s", diff)
	}
}

func FuzzDecompile(f *testing.F) {
	f.Add(builtin[:4000])
	f.Add(compiledHead + "\x02ab\x00\x00\x00")
	f.Add(compiledHead + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if b, err := decompile(s); (b == nil) == (err == nil) {
			t.Errorf("bank %v with error %v, want one of them", b, err)
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	mine, err := load("questions:\n  - {id: lambda-cold-start, question: 'Mine?'}\n  - {id: b, number: 555, question: 'B?'}")
	if err != nil {
		t.Fatal(err)
	}
	lib := Library{Builtin(), mine}
	for ref, want := range map[string]string{
		"77":                     "aws:lambda-cold-start",
		"aws:lambda-cold-start":  "aws:lambda-cold-start",
		"mine:lambda-cold-start": "mine:lambda-cold-start",
		"aws:77":                 "aws:lambda-cold-start",
		"b":                      "mine:b",
	} {
		if q, err := lib.Find(ref); err != nil || q.Key() != want {
			t.Errorf("Find(%q) = %q, %v, want %q", ref, q.Key(), err, want)
		}
	}
	for ref, want := range map[string]string{
		"lambda-cold-start": "stands in the banks aws and mine",
		"555":               `no question "555"`, // a number means the built-in list only
		"cold-start":        "did you mean lambda-cold-start",
		"0":                 `no question "0"`,
		"":                  `no question ""`,
	} {
		if _, err := lib.Find(ref); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%q): error = %v, want ErrUnknown with %q", ref, err, want)
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	lib := Library{Builtin()}
	qs, err := lib.Select(Filter{Topics: []string{"lambda"}, Level: "core"})
	if err != nil || len(qs) == 0 {
		t.Fatalf("lambda, core: %d questions, %v", len(qs), err)
	}
	for _, q := range qs {
		if q.Topic != "lambda" || q.Level != "core" {
			t.Errorf("%s: topic %s, level %s", q.ID, q.Topic, q.Level)
		}
	}
	for name, f := range map[string]Filter{
		"topic": {Topics: []string{"golf"}}, "level": {Level: "junior"}, "kind": {Kind: "riddle"}, "day": {Day: 99},
	} {
		if _, err := lib.Select(f); !errors.Is(err, ErrUnknown) {
			t.Errorf("an unknown %s: error = %v, want ErrUnknown", name, err)
		}
	}
}

func TestSentencesKeepNumbersAndNamesWhole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"It runs Node.js 3.5. It stops!": {"It runs Node.js 3.5.", "It stops!"},
		"One; two\nthree":                {"One;", "two", "three"},
		"... !!! ---":                    nil,
		"a line that is long enough to be wrapped\ngoes on":                                    {"a line that is long enough to be wrapped\ngoes on"},
		"a line that is long enough to be wrapped\nBut ends":                                   {"a line that is long enough to be wrapped", "But ends"},
		"Short. And then a line that was broken where\nit was long":                            {"Short.", "And then a line that was broken where\nit was long"},
		"a line so long that whatever follows it must belong to it, as Availability\nZones do": {"a line so long that whatever follows it must belong to it, as Availability\nZones do"},
		"no stop at all":              {"no stop at all"},
		"s3.amazonaws.com is a host.": {"s3.amazonaws.com is a host."},
		"Wirklich? Ja.":               {"Wirklich?", "Ja."},
	} {
		if diff := cmp.Diff(want, Sentences(text)); diff != "" {
			t.Errorf("Sentences(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestChunksHoldAtMostSoManyWords(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("One two three four five. ", 40)
	for _, c := range Chunks(text, 12) {
		if n := len(strings.Fields(c)); n > 12 {
			t.Errorf("a chunk of %d words, want at most 12", n)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("questions:\n  - {id: a, question: 'A?'}")
	f.Add("questions: &a [*a]")
	f.Add("{")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := load(text)
		if (b == nil) == (err == nil) {
			t.Errorf("bank %v with error %v, want one of them", b, err)
		}
	})
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		Builtin()
	}
}

func BenchmarkLoadYAML(b *testing.B) {
	for b.Loop() {
		if _, err := LoadAWS(os.DirFS("aws")); err != nil {
			b.Fatal(err)
		}
	}
}
