package interviewer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/interviewer/grade"
)

// scored is a turn with one graded answer and, for each more kind, a follow-up
// graded by that.
func scored(topic string, score int, by ...grade.Kind) ReportTurn {
	t := ReportTurn{Topic: topic, Score: &score}
	for n, k := range by {
		t.Answers = append(t.Answers, ReportAnswer{FollowUp: n > 0, Grade: &grade.Grade{Grader: grade.Grader{Kind: k}}})
	}
	return t
}

// held is an interview of the day of November.
func held(day int, turns ...ReportTurn) Report {
	return Report{Started: time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC), State: Done, Turns: turns}
}

func TestProgressIsDrawnByTopicAndKindOfGrader(t *testing.T) {
	t.Parallel()
	const model, estimate = grade.ByModel, grade.ByEstimate
	open := held(4, scored("s3", 1, estimate))
	open.State = Open
	retried := scored("iam", 30, estimate)
	retried.Answers = append(retried.Answers, ReportAnswer{Grade: &grade.Grade{Grader: grade.Grader{Kind: model}}})
	all := func(by grade.Kind, scores ...int) Trend { return Trend{Grader: by, Scores: scores} }
	tests := map[string]struct {
		reports []Report
		want    []Trend
	}{
		"nothing":       {nil, nil},
		"one interview": {[]Report{held(1, scored("s3", 50, model))}, nil},
		"the oldest comes first, wherever it stands": {
			[]Report{held(3, scored("s3", 82, model)), held(1, scored("s3", 55, model)), held(2, scored("s3", 70, model))},
			[]Trend{all(model, 55, 70, 82), {"s3", model, []int{55, 70, 82}}},
		},
		"a topic's questions of one interview are one point": {
			[]Report{held(1, scored("s3", 50, model), scored("s3", 61, model)), held(2, scored("s3", 70, model))},
			[]Trend{all(model, 56, 70), {"s3", model, []int{56, 70}}},
		},
		"a topic that came up once has no trend": {
			[]Report{held(1, scored("s3", 50, model)), held(2, scored("iam", 70, model))},
			[]Trend{all(model, 50, 70)},
		},
		"estimates and model grades are never mixed": {
			[]Report{
				held(1, scored("s3", 10, estimate), scored("iam", 90, model)),
				held(2, scored("s3", 20, estimate), scored("s3", 80, model)),
				held(3, scored("s3", 70, model)),
			},
			[]Trend{
				all(estimate, 10, 20), all(model, 90, 80, 70),
				{"s3", estimate, []int{10, 20}}, {"s3", model, []int{80, 70}},
			},
		},
		"a question that both graded is left out": {
			[]Report{held(1, scored("s3", 10, model)), held(2, scored("s3", 20, model, estimate)), held(3, scored("s3", 30, model))},
			[]Trend{all(model, 10, 30), {"s3", model, []int{10, 30}}},
		},
		"the first try counts": {
			[]Report{held(1, retried), held(2, scored("iam", 40, estimate))},
			[]Trend{all(estimate, 30, 40), {"iam", estimate, []int{30, 40}}},
		},
		"what is open or not graded is left out": {
			[]Report{held(1, scored("s3", 10, model)), open, held(5, ReportTurn{Topic: "s3", Skipped: true}), held(6, scored("s3", 30, model))},
			[]Trend{all(model, 10, 30), {"s3", model, []int{10, 30}}},
		},
		"a question without a topic counts over all": {
			[]Report{held(1, scored("", 10, model)), held(2, scored("", 20, model))},
			[]Trend{all(model, 10, 20)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Progress(test.reports)); diff != "" {
				t.Errorf("Progress (-want +got):\n%s", diff)
			}
		})
	}
}
