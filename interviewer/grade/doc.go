// Package grade turns a free-text answer into verdicts with evidence, and
// verdicts into a score.
//
//	Submission ─→ gate ─→ Judge (a model) or Estimator (offline) ─→ verdicts
//	                                                    │ quotes checked
//	                                                    ↓
//	                                       Score ─→ Grade with feedback
//
// A judge only ever speaks per point: met, partly, missed or contradicted, with
// the words of the answer that show it. The number is arithmetic over those
// verdicts, in one place ([Score]), with its constants in score.go. An award
// whose quote does not stand in the answer falls to missed.
//
// What is doubtful about a model's verdicts, because a quote does not hold or the
// estimator thinks otherwise, is voted on. A grade that cost a model's time is kept, so
// that the same answer has the same grade.
//
// Package estimate is the estimator's reading of an answer, words what it knows of
// text, boost the trees it was fitted with by gen, and calibrate says how far any
// grader can be trusted.
//
// Choose [NewJudge] when there is a language model, [NewEstimator] when there is
// none. Both first ask the gate, which settles empty, echoed and evasive answers
// without either, and both treat the answer as data: what it says about how it
// should be graded changes nothing.
package grade
