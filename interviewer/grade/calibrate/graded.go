// Package calibrate says how far a grader can be trusted: it has the grader
// grade answers that people graded before, and compares.
//
// The answers are those of interviewer/grade/testdata/graded. They are split by
// question: the estimator is fitted on one half, and every figure is reported on
// the other, which the program carries for "viva calibrate".
package calibrate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // for the reporting half
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"

	"viva/interviewer/grade"
)

// Answer is an answer that people graded from the bank's points, before any
// program did.
type Answer struct {
	Question string                   `json:"question"`
	Style    string                   `json:"style"`          // excellent, good, wrong, gaming, terse, …
	Twin     string                   `json:"twin,omitempty"` // the style of the answer that says the same; "": none
	Text     string                   `json:"answer"`
	Points   map[string]grade.Verdict `json:"points"`
	Mistakes []int                    `json:"mistakes"` // which of the bank's it makes, from 1
	Score    int                      `json:"score"`
}

// Reporting says which half the answer belongs to. Questions are halved by a
// hash of their id, so that no question stands in both.
func (a Answer) Reporting() bool {
	h := fnv.New32a()
	h.Write([]byte(a.Question)) // a hash never fails
	return h.Sum32()%2 == 0
}

// ReadAnswers reads one answer a line.
func ReadAnswers(r io.Reader) ([]Answer, error) {
	var all []Answer
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var a Answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("graded answer in line %d: %w", n, err)
		}
		all = append(all, a)
	}
	return all, lines.Err()
}

//go:embed reporting.jsonl.gz
var reporting []byte

// Reported returns the reporting half.
func Reported() ([]Answer, error) {
	r, err := gzip.NewReader(bytes.NewReader(reporting))
	if err != nil {
		return nil, fmt.Errorf("read graded answers: %w", err)
	}
	return ReadAnswers(r)
}

// Injection is a text that tries to talk a grader into a higher score.
type Injection struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	Text     string `json:"text"`
}

//go:embed injections.jsonl
var injections []byte

// Injections returns texts to slip into answers.
func Injections() ([]Injection, error) {
	var all []Injection
	for line := range bytes.Lines(injections) {
		var in Injection
		if err := json.Unmarshal(line, &in); err != nil {
			return nil, fmt.Errorf("read injections: %w", err)
		}
		all = append(all, in)
	}
	return all, nil
}
