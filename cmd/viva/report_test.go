package main

import (
	"bytes"
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hostile is an answer that would be markup where nobody escapes it.
const hostile = "<b>Heat</b> the *oven* first & `preheat` it, [see](http://example.com) <script>alert(1)</script>\n" +
	"# Then $5\n" +
	"    - indented\n" +
	"1. 🍞👩‍🍳 " + "loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong\n" +
	"\n" +
	"לחם טוב"

// bread is an interview that has everything a report can show: a hint, a follow-up,
// another try, a dispute, a mistake, times, a skipped question and an answer that
// cannot be graded.
func bread() interviewer.Record {
	at := time.Date(2026, 11, 23, 9, 12, 0, 0, time.UTC)
	crumb := content.Question{
		Bank: "own", ID: "crumb", Topic: "a|b", Level: "core", Text: "How do you <bake> bread?",
		Answer: "Heat the *oven*\nfirst, then wait.\n\n# Then\n\n- one\n- two\n\n![a crumb](http://example.com/x.png) <script>alert(2)</script>",
		Points: []content.Point{{ID: "heat", Text: "Heat comes first.", Weight: 3}, {ID: "wait", Text: "Dough needs <time>.", Weight: 2}},
	}
	rye := content.Question{Bank: "own", ID: "rye", Topic: "rye", Level: "advanced", Text: "What is rye?", Answer: "A grain."}
	spelt := content.Question{Bank: "own", ID: "spelt", Topic: "rye", Level: "foundation", Text: "What is spelt?", Answer: "A grain."}
	score := func(n int) *int { return &n }
	verdict := func(id string, weight int, v grade.Verdict, quote string) grade.PointGrade {
		p, _ := crumb.Point(id)
		return grade.PointGrade{ID: id, Text: p.Text, Weight: weight, Verdict: v, Quote: quote, Credit: v.Credit()}
	}
	by := grade.Grader{Kind: grade.ByModel, Name: "some_model"}
	made := grade.Provenance{Prompt: "judge-1"}
	first := grade.Grade{
		Score: score(50), Band: "fair", Grader: by, Made: made, Feedback: "Say *why*.",
		Points:   []grade.PointGrade{verdict("heat", 3, grade.Met, "<b>Heat</b> the *oven* first"), verdict("wait", 2, grade.Missed, "")},
		Mistakes: []grade.MistakeFound{{Claim: "It costs.", Quote: "Then $5", Fix: "It is free."}},
		Flags:    []grade.Flag{grade.FlagInstruction},
	}
	wait := grade.Grade{Score: score(50), Band: "partial", Grader: by, Made: made, Points: []grade.PointGrade{verdict("wait", 2, grade.Partly, "an hour")}}
	wait.Points[0].Firmness = grade.CloseCall
	again := grade.Grade{Score: score(60), Band: "fair", Grader: by, Made: made, Points: []grade.PointGrade{
		verdict("heat", 3, grade.Met, "Heat first"), verdict("wait", 2, grade.Missed, ""),
	}}
	disputed := again
	disputed.Score, disputed.Band = score(80), "strong"
	foreign := "the offline estimator reads English only"
	none := grade.Grade{Grader: by, Error: &foreign, Points: []grade.PointGrade{{ID: "grain", Text: "A grain.", Weight: 3, Verdict: grade.Missed}}}
	var events []interviewer.Event
	add := func(after time.Duration, e interviewer.Event) {
		at = at.Add(after)
		e.At = at
		events = append(events, e)
	}
	add(0, interviewer.Event{Kind: interviewer.Started, Plan: &interviewer.Plan{Questions: []content.Question{crumb, rye, spelt}, FollowUps: 1}})
	add(0, interviewer.Event{Kind: interviewer.Asked, Text: crumb.Text})
	add(time.Second, interviewer.Event{Kind: interviewer.Hinted, Text: "What is hot?"})
	add(64*time.Second, interviewer.Event{Kind: interviewer.Answered, Text: hostile, FirstWordMS: 8400})
	add(0, interviewer.Event{Kind: interviewer.Graded, Grade: &first})
	add(0, interviewer.Event{Kind: interviewer.Asked, Point: "wait", Text: "And the dough?"})
	add(9*time.Second, interviewer.Event{Kind: interviewer.Answered, Point: "wait", Text: "It rests an hour."})
	add(0, interviewer.Event{Kind: interviewer.Graded, Answer: 1, Grade: &wait})
	add(0, interviewer.Event{Kind: interviewer.Asked, Text: crumb.Text})
	add(0, interviewer.Event{Kind: interviewer.Answered, Text: "Heat first."})
	add(0, interviewer.Event{Kind: interviewer.Graded, Answer: 2, Grade: &again})
	add(0, interviewer.Event{Kind: interviewer.Disputed, Point: "wait", Text: "I did", Grade: &disputed})
	add(0, interviewer.Event{Kind: interviewer.Asked, Turn: 1, Text: rye.Text})
	add(0, interviewer.Event{Kind: interviewer.Skipped, Turn: 1})
	add(0, interviewer.Event{Kind: interviewer.Asked, Turn: 2, Text: spelt.Text})
	add(0, interviewer.Event{Kind: interviewer.Answered, Turn: 2, Text: "Ein Getreide."})
	add(0, interviewer.Event{Kind: interviewer.Graded, Turn: 2, Grade: &none})
	add(0, interviewer.Event{Kind: interviewer.Finished})
	return interviewer.Record{ID: "20261123-0912-k3f7", Events: events}
}

func breadPage() reportPage {
	return reportPage{
		Report:   interviewer.BuildReport(bread()),
		Practise: []content.Question{{Bank: "aws", ID: "yeast", Text: "What does *yeast* do?"}},
	}
}

func TestReportsHaveTheirThreeForms(t *testing.T) {
	t.Parallel()
	for name, render := range map[string]func(reportPage) ([]byte, error){
		"report.txt": reportText, "report.md": reportMarkdown, "report.html": reportHTML,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := breadPage()
			data, err := render(page)
			if err != nil {
				t.Fatal(err)
			}
			local := page.Started.Local().Format("2 January 2006 15:04")
			got := strings.ReplaceAll(string(data), local, "23 November 2026 09:12")
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v; make it with -update", err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestMarkdownOfAnAnswerShowsItsWordsAsTheyWere(t *testing.T) {
	t.Parallel()
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, answer := range []string{
		hostile, "a_b_c and _d_ and __e__", "***", "---", "===", "a\n===\nb", "a\n---", "~~~\ncode\n~~~", "```go\nx\n```", "| a | b |\n|---|---|\n| c | d |",
		"1) one\n2) two\n+ three", "&amp; &copy; &#35;", `\*`, "![i](http://x.example/i.png)", "[a]: http://x.example \"t\"", "> quoted\n>> twice",
		"\ttab\n\n    code", "<!-- c -->\n<div>\n<?php", "# h #", "~~gone~~", "- [ ] task", "a  \nb", "5. Then", "$x$ and `$`", "a\\\nb",
	} {
		md := goldmark.New(goldmark.WithExtensions(extension.GFM))
		var out bytes.Buffer
		if err := md.Convert([]byte(quotedMarkdown(answer)), &out); err != nil {
			t.Fatal(err)
		}
		shown := html.UnescapeString(tags.ReplaceAllString(out.String(), " "))
		if diff := cmp.Diff(unspaced(answer), unspaced(shown)); diff != "" {
			t.Errorf("%q shows as (-want +got):\n%s", answer, diff)
		}
	}
}

func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

func TestATextReportKeepsItsWidth(t *testing.T) {
	t.Parallel()
	data, err := reportText(breadPage())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if w := ansi.StringWidth(strings.TrimRight(line, "\n")); w > 80 {
			t.Errorf("%d columns: %s", w, line)
		}
	}
}
