package interviewer

import (
	"context"
	"errors"

	"viva/content"
	"viva/interviewer/grade"
)

// Retriever finds what an answer to q is graded against: q's own entry as the
// index holds it and, where the answer strays, passages of its neighbours.
type Retriever interface {
	Retrieve(ctx context.Context, q content.Question, answer string) (content.Reference, error)
}

// Grader scores one submission against its question's points.
type Grader interface {
	Grade(ctx context.Context, s grade.Submission) (grade.Grade, error)
}

// Examiner grades with the model where there is one and with the estimator
// where there is none.
type Examiner struct {
	Retriever Retriever
	Model     Grader  // nil: no model is configured
	Estimate  Grader  // nil: the model alone may grade
	Clarify   Clarify // nil: nobody can say more than the question
	Advisor   Advisor // nil: nobody knows what to practise next
	Wait      bool    // when the model fails: leave the answer ungraded rather than estimate
}

// Result is what became of a submission. Grade is nil when the answer waits
// for its grade; Failure says why the model gave none, and is nil when it did
// or was not asked.
type Result struct {
	Grade   *grade.Grade
	Failure error
}

// Examine grades one submission, whose Reference.Question must be set; the
// rest of the reference is fetched. Its error is the retriever's, the
// estimator's or the context's, never the model's: that one is Result.Failure.
func (x Examiner) Examine(ctx context.Context, s grade.Submission) (Result, error) {
	ref, err := x.Retriever.Retrieve(ctx, s.Reference.Question, s.Answer)
	if err != nil {
		return Result{}, err
	}
	s.Reference = ref
	if x.Model == nil {
		return x.estimate(ctx, s, nil)
	}
	g, err := x.Model.Grade(ctx, s)
	switch {
	case err == nil:
		return Result{Grade: &g}, nil
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case x.Wait || x.Estimate == nil:
		return Result{Failure: err}, nil
	}
	return x.estimate(ctx, s, err)
}

// ErrNoGrader reports an examiner with neither model nor estimator.
var ErrNoGrader = errors.New("no grader: neither a model nor the estimator is in use")

func (x Examiner) estimate(ctx context.Context, s grade.Submission, failure error) (Result, error) {
	if x.Estimate == nil {
		return Result{}, ErrNoGrader
	}
	g, err := x.Estimate.Grade(ctx, s)
	if err != nil {
		return Result{}, err
	}
	if failure != nil {
		g.Flags = append(g.Flags, grade.FlagModelFailed)
	}
	return Result{Grade: &g, Failure: failure}, nil
}
