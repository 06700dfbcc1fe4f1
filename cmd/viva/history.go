package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"viva/interviewer"
	"viva/interviewer/grade"
	"viva/interviewer/journal"
)

func (a *app) historyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Show past interviews, newest first, and how the scores went",
		Long: `Lists past interviews, newest first. From the second finished one on, it draws
below them how the scores went, over all and topic by topic, the oldest left.
What a model graded and what was estimated stand on lines of their own, since
the two do not compare.`,
		Example: "  viva history\n  viva history --json\n  viva history export > interviews.ndjson",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.history(cmd.Context()) },
	}
	cmd.AddCommand(a.historyExportCommand(), a.historyImportCommand(), a.historyDeleteCommand())
	return cmd
}

// readJournal opens the journal for reading; nil without an error when there is none yet.
func readJournal(ctx context.Context) (*journal.Journal, error) {
	j, err := journal.OpenReadOnly(ctx, journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return j, err
}

// newJournal opens the journal for an interview that starts. One that cannot be
// read is kept aside for a new one, and the user told where.
func (a *app) newJournal(ctx context.Context) (*journal.Journal, error) {
	if err := hasHome(); err != nil {
		return nil, err
	}
	j, aside, err := journal.OpenNew(ctx, journalPath(), time.Now())
	if aside != "" {
		fmt.Fprintf(a.err, "viva: the journal of past interviews is damaged and was kept as %s; a new one begins with this interview\n", aside)
	}
	return j, err
}

func (a *app) history(ctx context.Context) error {
	j, err := readJournal(ctx)
	if err != nil {
		return err
	}
	var sessions []interviewer.Summary
	if j != nil {
		defer j.Close()
		if sessions, err = j.List(ctx); err != nil {
			return err
		}
	}
	if a.json {
		for _, s := range sessions {
			if err := a.printJSON(s); err != nil {
				return err
			}
		}
		return nil
	}
	if len(sessions) == 0 {
		a.notice("no interview yet: viva starts one")
		return nil
	}
	if err := printSessions(a.out, sessions); err != nil {
		return err
	}
	trends, err := progress(ctx, j, sessions)
	if err != nil {
		return err
	}
	return printTrends(a.out, trends)
}

func printSessions(w io.Writer, sessions []interviewer.Summary) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "session\tstarted\tstate\tanswered\tscore\tgrader")
	for _, s := range sessions {
		score := "–"
		if s.Score != nil {
			score = fmt.Sprint(*s.Score)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d of %d\t%s\t%s\n", s.Session,
			s.Started.Local().Format("2006-01-02 15:04"), s.State, s.Answered, s.Questions, score, s.Grader)
	}
	return table.Flush()
}

// progress reads the finished interviews for their trends. What cannot be read
// of one is left out of them; viva report says what that is.
func progress(ctx context.Context, j *journal.Journal, sessions []interviewer.Summary) ([]interviewer.Trend, error) {
	done := slices.DeleteFunc(slices.Clone(sessions), func(s interviewer.Summary) bool { return s.State != interviewer.Done })
	if len(done) < 2 {
		return nil, nil
	}
	var reports []interviewer.Report
	for _, s := range done {
		rec, err := j.Load(ctx, s.Session)
		switch {
		case errors.Is(err, journal.ErrUnknownSession): // deleted meanwhile
		case err != nil && !errors.Is(err, journal.ErrUnreadable):
			return nil, err
		default:
			reports = append(reports, interviewer.BuildReport(rec))
		}
	}
	return interviewer.Progress(reports), nil
}

// maxDrawn and maxListed are how many scores of a trend are shown, as bars and
// as numbers; of more, the newest.
const (
	maxDrawn  = 30
	maxListed = 8
)

func printTrends(w io.Writer, trends []interviewer.Trend) error {
	if len(trends) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "progress\tgrader\tscores, oldest first")
	for _, t := range trends {
		topic := t.Topic
		if topic == "" {
			topic = "all topics"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", topic, byWhom(t.Grader), trendLine(t.Scores, os.Getenv("TERM") == "dumb"))
	}
	return table.Flush()
}

func byWhom(k grade.Kind) string {
	if k == "" {
		return "–"
	}
	return string(k)
}

// trendLine shows scores as bars, with the first and the last as numbers, or
// where only plain text can be shown as numbers alone.
func trendLine(scores []int, numbers bool) string {
	first, last := scores[0], scores[len(scores)-1]
	if !numbers {
		return fmt.Sprintf("%s  %d → %d", sparkline(scores), first, last)
	}
	var parts []string
	if n := len(scores) - maxListed; n > 0 {
		parts = append(parts, fmt.Sprint(first))
		if n > 1 {
			parts = append(parts, "…")
		}
		scores = scores[n:]
	}
	for _, s := range scores {
		parts = append(parts, fmt.Sprint(s))
	}
	return strings.Join(parts, " → ")
}

// sparkline draws scores from 0 to 100 as bars, so that bars of two lines compare.
func sparkline(scores []int) string {
	var b strings.Builder
	if n := len(scores) - maxDrawn; n > 0 {
		b.WriteString("…")
		scores = scores[n:]
	}
	bars := []rune("▁▂▃▄▅▆▇█")
	for _, s := range scores {
		b.WriteRune(bars[min(max(s, 0)*len(bars)/100, len(bars)-1)])
	}
	return b.String()
}
