package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"viva/cmd/viva/tui"
	"viva/content"
	"viva/index"
	"viva/index/lexical"
	"viva/interviewer"
)

type searchOptions struct {
	filter content.Filter
	level  string
	limit  int
	batch  bool
	pick   bool
}

func (a *app) searchCommand() *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:   "search QUERY…",
		Short: "Find questions by meaning",
		Long: `Prints the questions nearest in meaning to the query, best first, with the fact
that comes nearest and how sure it is that this question is meant. The query's words
need not occur in them: a symptom, an abbreviation or another vendor's name will do, and
slips of the pen are mended. Where nothing in the bank answers the query, that is said.`,
		Example: `  viva search "how do I avoid Lambda cold starts"
  viva search --topic s3 --limit 3 let someone download one private file

  # search while you type, and practise what you choose
  viva search -i

  printf '{"id":1,"query":"who deleted my server"}\n' | viva search --batch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.filter.Level = content.Level(o.level)
			if o.pick && !cmd.Flags().Changed("limit") {
				o.limit = 10 // a screen has room
			}
			return a.search(cmd.Context(), o, strings.Join(args, " "))
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.limit, "limit", 5, "how many questions to show")
	f.StringArrayVar(&o.filter.Topics, "topic", nil, "search this topic; repeatable")
	f.StringVar(&o.level, "level", "", "foundation, core or advanced")
	f.IntVar(&o.filter.Day, "day", 0, "search the questions of this day")
	f.BoolVarP(&o.pick, "interactive", "i", false, "search while you type; Enter practises a question")
	f.BoolVar(&o.batch, "batch", false, "read NDJSON queries from stdin, write one result a line")
	return cmd
}

// searchResult is the stable JSON form of a search.
type searchResult struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Query  string          `json:"query"`
	Mended string          `json:"mended,omitzero"` // what was searched for, where slips of the pen were mended
	Found  bool            `json:"found"`
	Hits   []searchHit     `json:"hits"`
}

type searchHit struct {
	ID       string  `json:"id"`
	Number   *int    `json:"number"`
	Topic    string  `json:"topic"`
	Question string  `json:"question"`
	Score    float64 `json:"score"`
	Snippet  string  `json:"snippet"`
}

func newSearchResult(r index.Results) searchResult {
	res := searchResult{Query: r.Query, Mended: r.Mended, Found: r.Found, Hits: []searchHit{}}
	for _, h := range r.Hits {
		q := h.Question
		text, _ := snippet(r, h)
		res.Hits = append(res.Hits, searchHit{
			ID: q.Ref(), Number: q.Place(), Topic: q.Topic, Question: q.Text,
			Score: math.Round(h.Score*1000) / 1000, Snippet: text,
		})
	}
	return res
}

func (a *app) search(ctx context.Context, o searchOptions, query string) error {
	switch {
	case o.limit < 1:
		return usage("--limit is %d: it should be 1 or more", o.limit)
	case o.batch && (query != "" || o.pick):
		return usage("--batch takes its queries from stdin, and no QUERY or -i")
	case o.pick && !a.fullScreen():
		return &usageError{"-i needs a terminal to draw on", "viva search QUERY prints the same as lines"}
	case query == "" && !o.batch && !o.pick:
		return &usageError{"nothing to search for", `viva search "how do I avoid Lambda cold starts"`}
	}
	lib, err := a.library()
	if err != nil {
		return err
	}
	fit, err := lib.Select(o.filter)
	switch {
	case err != nil:
		return err
	case len(fit) == 0:
		return usage("no question fits: leave out --topic, --level or --day")
	}
	ix, err := a.openIndex(ctx, lib)
	if err != nil {
		return err
	}
	query, _ = interviewer.Clean(query)
	switch {
	case o.batch:
		return a.searchBatch(ctx, ix, o)
	case o.pick:
		return a.searchPick(ctx, ix, o, query)
	}
	r, err := ix.Search(ctx, query, o.limit, o.filter)
	if err != nil {
		return queryFault(err)
	}
	if a.json {
		return a.printJSON(newSearchResult(r))
	}
	if r.Mended != "" && len(r.Mended) < longQuery {
		a.notice("searched for: %s", r.Mended)
	}
	return a.printHits(r)
}

// searchBatch answers NDJSON queries in order; a bad line gets an error of its own.
func (a *app) searchBatch(ctx context.Context, ix *index.Index, o searchOptions) error {
	answer := func(ctx context.Context, line batchLine) (any, error) {
		query, _ := interviewer.Clean(line.Query)
		r, err := ix.Search(ctx, query, o.limit, o.filter)
		if err != nil {
			return nil, err
		}
		res := newSearchResult(r)
		res.ID = line.ID
		return res, nil
	}
	return a.batch(ctx, batchWork{answer: answer, atOnce: runtime.NumCPU()})
}

// searchPick shows what is found while the user types, and holds an interview
// about what is chosen.
func (a *app) searchPick(ctx context.Context, ix *index.Index, o searchOptions, query string) error {
	find := func(ctx context.Context, query string) (tui.Found, error) {
		r, err := ix.Search(ctx, query, o.limit, o.filter)
		if errors.Is(err, index.ErrEmptyQuery) {
			return tui.Found{Notice: "That holds no word to search for yet."}, nil
		}
		if err != nil {
			return tui.Found{}, err
		}
		var f tui.Found
		switch {
		case !r.Found:
			f.Notice = unsure(r)
		case r.Mended != "":
			f.Notice = "Searched for: " + r.Mended
		}
		for _, h := range r.Hits {
			c := tui.Choice{Ref: h.Question.Ref(), Title: h.Question.Text, About: confidence(h) + " · " + where(h)}
			text, marks := snippet(r, h)
			c.Snippet = text
			for _, m := range marks {
				c.Marks = append(c.Marks, tui.Span(m))
			}
			f.Choices = append(f.Choices, c)
		}
		return f, nil
	}
	ref, err := tui.Pick(ctx, query, find, tui.Options{Title: "viva search", NoColor: a.noColor})
	if err != nil || ref == "" {
		return err
	}
	return a.interview(ctx, &interviewOptions{refs: []string{ref}})
}

// longQuery is how long a query is that is not said back, in bytes.
const longQuery = 200

// unsure is what is said when a search finds no answer, or none that is sure enough.
func unsure(r index.Results) string {
	if len(r.Hits) > 0 && r.Hits[0].Score >= maybe {
		return "Perhaps one of these, though nothing in the bank surely answers that:"
	}
	return "Nothing in the bank answers that. Nearest, for what they are worth:"
}

func (a *app) printHits(r index.Results) error {
	var out strings.Builder
	if !r.Found {
		fmt.Fprintf(&out, "%s\n\n", unsure(r))
	}
	for i, h := range r.Hits {
		text, marks := snippet(r, h)
		fmt.Fprintf(&out, "%d. %s\n   %s\n   “%s”\n\n", i+1, h.Question.Text, where(h)+" · "+confidence(h), a.brought(text, marks))
	}
	_, err := fmt.Fprint(a.out, strings.TrimSuffix(out.String(), "\n"))
	return err
}

// where names a hit's question.
func where(h index.Hit) string {
	place := ""
	if h.Question.Number != 0 {
		place = fmt.Sprintf(" · %d", h.Question.Number)
	}
	topic := ""
	if h.Question.Topic != "" {
		topic = " · " + h.Question.Topic
	}
	return h.Question.Ref() + place + topic
}

// confidence is how sure a hit is, in a word and a number.
func confidence(h index.Hit) string { return fmt.Sprintf("%s (%.2f)", sureness(h.Score), h.Score) }

// The confidences from which on a hit is called so.
const (
	sure   = 0.8
	likely = 0.5
	maybe  = 0.2
)

// sureness puts a confidence into words.
func sureness(score float64) string {
	switch {
	case score >= sure:
		return "sure"
	case score >= likely:
		return "likely"
	case score >= maybe:
		return "maybe"
	}
	return "unlikely"
}

// snippetBytes is about how long a snippet is.
const snippetBytes = 220

// snippet is what of a hit is shown, with the words that the query has too.
func snippet(r index.Results, h index.Hit) (string, []lexical.Span) {
	query := r.Query
	if r.Mended != "" {
		query = r.Mended
	}
	return lexical.Excerpt(h.Passage.Text, query, snippetBytes)
}

// brought brings the marked words of a text out: in colour, or in brackets.
func (a *app) brought(text string, marks []lexical.Span) string {
	before, after := "\x1b[1m", usual
	if a.noColor {
		before, after = "[", "]"
	}
	var out strings.Builder
	at := 0
	for _, m := range marks {
		out.WriteString(text[at:m.From] + before + text[m.From:m.To] + after)
		at = m.To
	}
	return out.String() + text[at:]
}
