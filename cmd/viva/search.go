package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"viva/content"
	"viva/index"
	"viva/interviewer"
)

type searchOptions struct {
	filter content.Filter
	level  string
	limit  int
	batch  bool
}

func (a *app) searchCommand() *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:   "search QUERY…",
		Short: "Find questions by meaning",
		Long: `Prints the questions nearest in meaning to the query, best first. Its words need
not occur in them. Where nothing in the bank answers the query, that is said.`,
		Example: `  viva search "how do I avoid Lambda cold starts"
  viva search --topic s3 --limit 3 let someone download one private file
  printf '{"id":1,"query":"who deleted my server"}\n' | viva search --batch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.filter.Level = content.Level(o.level)
			return a.search(cmd.Context(), o, strings.Join(args, " "))
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.limit, "limit", 5, "how many questions to show")
	f.StringArrayVar(&o.filter.Topics, "topic", nil, "search this topic; repeatable")
	f.StringVar(&o.level, "level", "", "foundation, core or advanced")
	f.IntVar(&o.filter.Day, "day", 0, "search the questions of this day")
	f.BoolVar(&o.batch, "batch", false, "read NDJSON queries from stdin, write one result a line")
	return cmd
}

// searchResult is the stable JSON form of a search.
type searchResult struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Query string          `json:"query"`
	Found bool            `json:"found"`
	Hits  []searchHit     `json:"hits"`
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
	res := searchResult{Query: r.Query, Found: r.Found, Hits: []searchHit{}}
	for _, h := range r.Hits {
		q := h.Question
		res.Hits = append(res.Hits, searchHit{
			ID: q.Ref(), Number: q.Place(), Topic: q.Topic, Question: q.Text,
			Score: math.Round(h.Score*1000) / 1000, Snippet: h.Passage.Text,
		})
	}
	return res
}

func (a *app) search(ctx context.Context, o searchOptions, query string) error {
	if o.limit < 1 {
		return usage("--limit is %d: it should be 1 or more", o.limit)
	}
	if query != "" && o.batch {
		return usage("--batch takes its queries from stdin, and no QUERY")
	}
	if query == "" && !o.batch {
		return &usageError{"nothing to search for", `viva search "how do I avoid Lambda cold starts"`}
	}
	lib, err := a.library()
	if err != nil {
		return err
	}
	if _, err := lib.Select(o.filter); err != nil {
		return err
	}
	ix, err := a.openIndex(ctx, lib)
	if err != nil {
		return err
	}
	if o.batch {
		return a.searchBatch(ctx, ix, o)
	}
	query, _ = interviewer.Clean(query)
	r, err := ix.Search(ctx, query, o.limit, o.filter)
	if err != nil {
		return queryFault(err)
	}
	if a.json {
		return a.printJSON(newSearchResult(r))
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
	return a.batch(ctx, batchWork{answer: answer, atOnce: 1})
}

func (a *app) printHits(r index.Results) error {
	var out strings.Builder
	if !r.Found {
		fmt.Fprintf(&out, "Nothing in the bank answers that. Nearest, for what they are worth:\n\n")
	}
	for i, h := range r.Hits {
		place := ""
		if h.Question.Number != 0 {
			place = fmt.Sprintf(" · %d", h.Question.Number)
		}
		fmt.Fprintf(&out, "%d. %s\n   %s%s · %s · %s (%.2f)\n   “%s”\n\n", i+1, h.Question.Text,
			h.Question.Ref(), place, h.Question.Topic, sureness(h.Score), h.Score, firstWords(h.Passage.Text, 24))
	}
	_, err := fmt.Fprint(a.out, strings.TrimSuffix(out.String(), "\n"))
	return err
}

// sureness puts a confidence into words.
func sureness(score float64) string {
	switch {
	case score >= 0.8:
		return "sure"
	case score >= 0.5:
		return "likely"
	case score >= 0.2:
		return "maybe"
	}
	return "unlikely"
}

// firstWords shortens a text to n words.
func firstWords(s string, n int) string {
	words := strings.Fields(s)
	if len(words) <= n {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:n], " ") + " …"
}
