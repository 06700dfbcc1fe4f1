package interviewer

import (
	"cmp"
	"slices"

	"viva/interviewer/grade"
)

// Trend is how somebody did over time.
type Trend struct {
	Topic  string     // "": over all topics
	Grader grade.Kind // who gave these scores: one kind alone
	Scores []int      // one for each interview that has any, oldest first
}

// Progress returns the trends of the finished interviews among reports, in
// whatever order those are: over all topics first, then by topic, for each kind
// of grader apart. What came up in one interview alone has no trend; a question
// that a model and the estimator both graded stands in none.
func Progress(reports []Report) []Trend {
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b Report) int { return a.Started.Compare(b.Started) })
	scores := map[trendKey][]int{}
	for _, r := range reports {
		if r.State != Done {
			continue
		}
		for key, m := range r.means() {
			scores[key] = append(scores[key], m.rounded())
		}
	}
	var trends []Trend
	for key, list := range scores {
		if len(list) > 1 {
			trends = append(trends, Trend{Topic: key.topic, Grader: key.grader, Scores: list})
		}
	}
	slices.SortFunc(trends, func(a, b Trend) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Grader, b.Grader))
	})
	return trends
}

type trendKey struct {
	topic  string
	grader grade.Kind
}

type mean struct{ sum, n int }

// rounded is the mean, rounded half up.
func (m mean) rounded() int { return (2*m.sum + m.n) / (2 * m.n) }

// means returns the mean scores of the report's questions, over all and by topic.
func (r Report) means() map[trendKey]mean {
	means := map[trendKey]mean{}
	for _, t := range r.Turns {
		by := t.grader()
		if t.Score == nil || by == ByBoth {
			continue
		}
		topics := []string{""}
		if t.Topic != "" {
			topics = append(topics, t.Topic)
		}
		for _, topic := range topics {
			m := means[trendKey{topic, by}]
			means[trendKey{topic, by}] = mean{m.sum + *t.Score, m.n + 1}
		}
	}
	return means
}

// grader is who graded the first try, whose score counts.
func (t ReportTurn) grader() grade.Kind {
	var by grade.Kind
	for n, a := range t.Answers {
		if n > 0 && !a.FollowUp {
			break
		}
		if a.Grade != nil {
			by = mixed(by, a.Grade.Grader.Kind)
		}
	}
	return by
}
