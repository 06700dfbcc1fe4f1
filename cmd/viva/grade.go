package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"viva/content"
	"viva/index"
	"viva/interviewer"
	"viva/interviewer/grade"
	"viva/interviewer/journal"
)

type gradeOptions struct {
	ref     string
	dispute string
	because string
	save    bool
	batch   bool
	done    string
}

func (a *app) gradeCommand() *cobra.Command {
	var o gradeOptions
	cmd := &cobra.Command{
		Use:   "grade [FILE]",
		Short: "Grade an answer from a file or stdin",
		Long: `Grades one answer against the reference of a question, point by point, with the
words of the answer that show each point. A configured model judges; without one,
or when it fails, the grade is an estimate and says so. Without --question the answer
is taken to reply to the question nearest in meaning, which is named.`,
		Example: `  viva grade --question lambda-cold-start answer.txt
  pbpaste | viva grade --question 77 --json
  viva grade notes.txt

  # many answers, one JSON object a line; again after a break
  viva grade --batch < answers.ndjson > grades.ndjson
  viva grade --batch --done grades.ndjson < answers.ndjson >> grades.ndjson`,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			file := "-"
			if len(args) == 1 {
				file = args[0]
			}
			return a.grade(cmd.Context(), o, file)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.ref, "question", "", "the question answered, by id or number (default: the nearest in meaning)")
	f.String("grader", "", "auto, model or estimate")
	f.StringVar(&o.dispute, "dispute", "", "judge this point again; needs --because and a model")
	f.StringVar(&o.because, "because", "", "why the point was made after all")
	f.BoolVar(&o.save, "save", false, "keep answer and grade in the history")
	f.BoolVar(&o.batch, "batch", false, "read NDJSON answers from stdin, write one grade a line")
	f.StringVar(&o.done, "done", "", "with --batch: leave out what an earlier output in this file has graded")
	return cmd
}

func (a *app) grade(ctx context.Context, o gradeOptions, file string) error {
	switch {
	case o.batch && (o.ref != "" || o.save || o.dispute != "" || file != "-"):
		return usage("--batch takes questions and answers from stdin, and no FILE, --question, --save or --dispute")
	case !o.batch && o.done != "":
		return usage("--done goes with --batch")
	case o.ref == "" && o.dispute != "":
		return &usageError{"which question is the point of?", "--question lambda-cold-start; viva bank list shows them all"}
	case o.save && o.dispute != "":
		return usage("--save and --dispute do not go together: dispute in the interview, with /dispute")
	case (o.dispute == "") != (o.because == ""):
		return usage("--dispute and --because go together")
	}
	lib, err := a.library()
	if err != nil {
		return err
	}
	if o.batch {
		x, err := a.examiner(ctx, lib)
		if err != nil {
			return err
		}
		x.Wait = false
		a.announce()
		return a.gradeBatch(ctx, lib, x, o.done)
	}
	q, answer, err := a.questionAndAnswer(ctx, lib, o.ref, file)
	if err != nil {
		return err
	}
	x, err := a.examiner(ctx, lib)
	if err != nil {
		return err
	}
	x.Wait = false // an interview may wait for its model, a command may not
	a.announce()
	return a.gradeOne(ctx, x, q, answer, o)
}

// questionAndAnswer reads the answer, and finds the question it replies to by its
// name or, where none is given, by its meaning.
func (a *app) questionAndAnswer(ctx context.Context, lib content.Library, ref, file string) (q content.Question, answer string, err error) {
	if ref != "" {
		if q, err = lib.Find(ref); err != nil {
			return q, "", err
		}
		if !q.Graded() {
			return q, "", fmt.Errorf("grade question %q: %w", q.Ref(), grade.ErrUngraded)
		}
	}
	if answer, err = a.readAnswer(ctx, file); err != nil {
		return q, "", err
	}
	if ref == "" {
		q, err = a.nearestQuestion(ctx, lib, answer)
	}
	return q, answer, err
}

// nearestQuestion finds the question that an answer replies to.
func (a *app) nearestQuestion(ctx context.Context, lib content.Library, answer string) (content.Question, error) {
	ix, err := a.openIndex(ctx, lib)
	if err != nil {
		return content.Question{}, err
	}
	r, err := ix.Search(ctx, strings.ToValidUTF8(answer[:min(len(answer), index.MaxQuery)], ""), 3, content.Filter{})
	if err != nil {
		return content.Question{}, usage("the answer tells no question: %s", err)
	}
	if !r.Found {
		return content.Question{}, &usageError{"no question of the bank is near enough to this answer", "name one with --question; the nearest is " + r.Hits[0].Question.Ref()}
	}
	q := r.Hits[0].Question
	if !q.Graded() {
		return q, fmt.Errorf("grade question %q: %w", q.Ref(), grade.ErrUngraded)
	}
	a.notice("taken for an answer to %s (%s); --question names another", q.Ref(), q.Text)
	return q, nil
}

// readAnswer reads FILE, or stdin for "-", and makes it fit to grade.
func (a *app) readAnswer(ctx context.Context, file string) (string, error) {
	in := a.stdin(ctx)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read answer: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, interviewer.MaxAnswer+1))
	if err != nil {
		return "", fmt.Errorf("read answer: %w", err)
	}
	if len(data) > interviewer.MaxAnswer {
		return "", interviewer.ErrTooLong
	}
	return a.clean(string(data)), nil
}

// clean makes an answer fit to grade, and says when it had to be repaired.
func (a *app) clean(text string) string {
	clean, repaired := interviewer.Clean(text)
	if repaired {
		a.notice("the answer held bytes that are no UTF-8; they were replaced")
	}
	return clean
}

func (a *app) gradeOne(ctx context.Context, x interviewer.Examiner, q content.Question, answer string, o gradeOptions) error {
	sub := submission(q, answer)
	if o.dispute != "" {
		if x.Model == nil {
			return interviewer.ErrNoModel
		}
		if _, ok := q.Point(o.dispute); !ok {
			return usage("question %s has no point %q", q.Ref(), o.dispute)
		}
		sub.Dispute = &grade.Dispute{Point: o.dispute, Because: o.because}
	}
	var res interviewer.Result
	var err error
	if o.save {
		res, err = a.gradeAndSave(ctx, x, q, answer)
	} else {
		res, err = x.Examine(ctx, sub)
	}
	if err != nil {
		return err
	}
	if res.Grade == nil {
		return res.Failure
	}
	if res.Failure != nil {
		a.notice("%s; this is an estimate", res.Failure)
	}
	advice, err := x.Advice(ctx, res.Grade.Open(), []string{q.Key()})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(adviceGrade{*res.Grade, refs(advice)})
	}
	if err := a.printGrade(q, answer, *res.Grade); err != nil {
		return err
	}
	return a.printAdvice(advice)
}

func submission(q content.Question, answer string) grade.Submission {
	return grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: answer}
}

// gradeAndSave grades as an interview of one question, so that history and
// report know it.
func (a *app) gradeAndSave(ctx context.Context, x interviewer.Examiner, q content.Question, answer string) (interviewer.Result, error) {
	j, err := openJournal(ctx)
	if err != nil {
		return interviewer.Result{}, err
	}
	defer j.Close()
	plan := interviewer.Plan{Questions: []content.Question{q}}
	s, err := interviewer.Start(ctx, journal.NewID(time.Now()), plan, x, j)
	if err != nil {
		return interviewer.Result{}, err
	}
	if _, _, err := s.Next(ctx); err != nil {
		return interviewer.Result{}, err
	}
	out, err := s.Answer(ctx, answer)
	if err != nil {
		return interviewer.Result{}, err
	}
	if s.Waiting() > 0 { // viva resume asks the model again
		return interviewer.Result{Failure: out.Failure}, nil
	}
	if _, err := s.Finish(ctx); err != nil {
		return interviewer.Result{}, err
	}
	return interviewer.Result{Grade: out.Grade, Failure: out.Failure}, nil
}

func (a *app) gradeBatch(ctx context.Context, lib content.Library, x interviewer.Examiner, done string) error {
	w := batchWork{atOnce: 1}
	if x.Model != nil {
		w.atOnce = atOnce
	}
	if done != "" {
		var err error
		if w.done, err = doneIn(done); err != nil {
			return err
		}
	}
	w.answer = func(ctx context.Context, l batchLine) (any, error) {
		ref, err := reference(l.Question)
		if err != nil || l.Answer == nil {
			return nil, errors.New("the line needs question, an id or number, and answer, a text")
		}
		q, err := lib.Find(ref)
		if err != nil {
			return nil, err
		}
		if len(*l.Answer) > interviewer.MaxAnswer {
			return nil, interviewer.ErrTooLong
		}
		res, err := x.Examine(ctx, submission(q, a.clean(*l.Answer)))
		switch {
		case err != nil:
			return nil, err
		case res.Grade == nil:
			return nil, res.Failure
		case res.Failure != nil:
			a.notice("%s; this is an estimate", res.Failure)
		}
		return batchGrade{ID: l.ID, Grade: *res.Grade}, nil
	}
	return a.batch(ctx, w)
}

// reference reads a question's name as JSON has it: a string or a number.
func reference(raw json.RawMessage) (string, error) {
	var name string
	if err := json.Unmarshal(raw, &name); err == nil {
		return strings.TrimSpace(name), nil
	}
	var number float64
	if err := json.Unmarshal(raw, &number); err != nil {
		return "", err
	}
	return strconv.FormatFloat(number, 'f', -1, 64), nil
}

// batchGrade is a grade under the id of its batch line.
type batchGrade struct {
	ID json.RawMessage `json:"id,omitempty"`
	grade.Grade
}
