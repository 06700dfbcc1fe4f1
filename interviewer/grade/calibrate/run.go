package calibrate

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"sync"
	"time"

	"viva/content"
	"viva/interviewer/grade"
)

// Grader grades one submission. The number of the repetition lets it tell the
// second grading of one answer from the first, which it may have kept.
type Grader func(ctx context.Context, s grade.Submission, repetition int) (grade.Grade, error)

// Job is one grading of a calibration.
type Job struct {
	Answer
	Repetition int    // 0 for the first grading of an answer
	Injected   string // what was slipped into the answer; "": nothing
}

// Shares of a calibration that are graded more often.
const (
	repeated   = 10 // answers are graded three times,
	injected   = 10 // and answers again with an injection
	gradings   = 3
	atOnceMost = 8
)

// Jobs chooses about n answers of the reporting half, the same each time and
// balanced, for whole questions are taken, each of which has answers of all kinds; then
// come the repetitions and the injections. n counts the answers alone.
func Jobs(n int) ([]Job, error) {
	answers, err := Reported()
	if err != nil {
		return nil, err
	}
	injections, err := Injections()
	if err != nil {
		return nil, err
	}
	by := map[string][]Answer{}
	for _, a := range answers {
		by[a.Question] = append(by[a.Question], a)
	}
	var jobs []Job
	for _, q := range slices.SortedFunc(maps.Keys(by), shuffled) {
		for _, a := range by[q] {
			if len(jobs) < n {
				jobs = append(jobs, Job{Answer: a})
			}
		}
	}
	first := len(jobs)
	for i := range min(repeated, first) {
		for r := 1; r < gradings; r++ {
			jobs = append(jobs, Job{Answer: jobs[i*first/repeated].Answer, Repetition: r})
		}
	}
	for i := range min(injected, first) {
		in := injections[i*len(injections)/injected].Text
		j := Job{Answer: jobs[i*first/injected].Answer, Injected: in}
		j.Text += "\n" + in
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// shuffled orders questions by a hash, so that all topics have their turn.
func shuffled(a, b string) int {
	key := func(s string) uint32 {
		h := fnv.New32a()
		h.Write([]byte("calibrate " + s)) // a hash never fails
		return h.Sum32()
	}
	return int(int64(key(a)) - int64(key(b)))
}

// Result is what became of a job.
type Result struct {
	Job
	Got     grade.Grade
	Err     error // why there is no grade
	Elapsed time.Duration
}

// Run grades the jobs, so many at once, and calls done after each. It stops early,
// with the context's error, when the context ends.
func Run(ctx context.Context, lib content.Library, jobs []Job, atOnce int, g Grader, done func(n int)) ([]Result, error) {
	results := make([]Result, len(jobs))
	next, finished := make(chan int), 0
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range min(max(atOnce, 1), atOnceMost) {
		workers.Go(func() {
			for i := range next {
				results[i] = run(ctx, lib, jobs[i], g)
				mu.Lock()
				finished++
				done(finished)
				mu.Unlock()
			}
		})
	}
	for i := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	return results, ctx.Err()
}

func run(ctx context.Context, lib content.Library, j Job, g Grader) Result {
	q, err := lib.Find(j.Question)
	if err != nil {
		return Result{Job: j, Err: fmt.Errorf("graded answer: %w", err)}
	}
	start := time.Now()
	s := grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: j.Text}
	got, err := g(ctx, s, j.Repetition)
	if err == nil && got.Score == nil {
		err = fmt.Errorf("no score: %s", *got.Error)
	}
	return Result{Job: j, Got: got, Err: err, Elapsed: time.Since(start)}
}
