package llm_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/interviewer/llm"
	"viva/interviewer/llm/llmtest"
)

// collect is a stream's pieces and its error.
func collect(stream iter.Seq2[string, error]) (pieces []string, err error) {
	for piece, e := range stream {
		if e != nil {
			return pieces, e
		}
		pieces = append(pieces, piece)
	}
	return pieces, nil
}

func TestStreamYieldsPiecesAsTheyCome(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Text("what is a cold start?"))
	client := connect(t, llm.Options{BaseURL: srv.URL})
	for range 2 { // the sequence may be ranged over again
		got, err := collect(client.Stream(t.Context(), say("ask")))
		if diff := cmp.Diff([]string{"what ", "is ", "a ", "cold ", "start?"}, got); err != nil || diff != "" {
			t.Errorf("error = %v, pieces (-want +got):\n%s", err, diff)
		}
	}
}

func TestStreamsThatAreNotWhole(t *testing.T) {
	t.Parallel()
	sse := func(lines ...string) llmtest.Reply { return llmtest.Reply{Body: strings.Join(lines, "\n")} }
	const hi = `data: {"choices":[{"index":0,"delta":{"content":"hi "}}]}`
	const stop = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
	for name, tt := range map[string]struct {
		reply llmtest.Reply
		want  error // nil: whole
		said  string
		says  string
	}{
		"cut politely":               {llmtest.Reply{Text: "a b c", Cut: true, After: 2}, llm.ErrCutOff, "a b ", "ended before"},
		"cut before a piece":         {sse(": wait", ""), llm.ErrCutOff, "", "ended before"},
		"dropped":                    {llmtest.Reply{Text: "a b c", Drop: true, After: 2}, llm.ErrCutOff, "a b ", "midway"},
		"dropped before a byte":      {llmtest.Reply{Drop: true}, llm.ErrUnreachable, "", "closed"},
		"stalled":                    {llmtest.Reply{Text: "a b c", Stall: true, After: 2}, llm.ErrStalled, "a b ", "no next token within 300ms"},
		"stalled before a token":     {llmtest.Reply{Stall: true}, llm.ErrStalled, "", "no first token within 300ms"},
		"done without a reason":      {llmtest.Reply{Text: "a b", Finish: llmtest.None}, llm.ErrCutOff, "a b", "ended before"},
		"too long":                   {llmtest.Reply{Text: "a b", Finish: "length"}, llm.ErrCutOff, "a b", "limit"},
		"filtered":                   {llmtest.Reply{Text: "a b", Finish: "content_filter"}, llm.ErrRefused, "a b", "filter"},
		"refused":                    {sse(`data: {"choices":[{"delta":{"refusal":"no, thanks"},"finish_reason":"stop"}]}`), llm.ErrRefused, "", "no, thanks"},
		"without choices":            {llmtest.Reply{Silent: true}, llm.ErrCutOff, "", "ended before"},
		"stopped without a word":     {sse(stop), llm.ErrNotProtocol, "", "empty reply"},
		"a page":                     {llmtest.HTML(200), llm.ErrNotProtocol, "", "web page"},
		"an empty body":              {sse("", ""), llm.ErrNotProtocol, "", "empty"},
		"an error as JSON":           {sse(`{"error":{"message":"oops"}}`), llm.ErrOverloaded, "", "oops"},
		"an error after a piece":     {sse(hi, "", `data: {"error":{"message":"oops"}}`, ""), llm.ErrOverloaded, "hi ", "oops"},
		"an error by name":           {sse(hi, "", "event: error", `data: {"error":{"message":"oops"}}`, ""), llm.ErrOverloaded, "hi ", "oops"},
		"an error after a comment":   {sse(": ping", "", hi, "", `data: {"error":"oops"}`, ""), llm.ErrOverloaded, "hi ", "oops"},
		"an error by old llama.cpp":  {sse(hi, "", `error: {"code":500,"message":"oops"}`, ""), llm.ErrOverloaded, "hi ", "oops"},
		"nonsense":                   {sse(hi, "", "data: oops", ""), llm.ErrNotProtocol, "hi ", "invalid character"},
		"a line cut":                 {sse(hi, "", `data: {"choices":[{"del`), llm.ErrCutOff, "hi ", "ended before"},
		"a last line without an end": {sse(hi, "", stop), nil, "hi ", ""},
		"Windows line ends":          {sse(hi+"\r", "\r", stop+"\r", ""), nil, "hi ", ""},
		"more comments than pieces":  {sse(strings.Repeat(": ping\n\n", 999), hi, "", stop, ""), nil, "hi ", ""},
		"not a stream at all":        {llmtest.Reply{Body: `{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}`}, nil, "hi", ""},
		"endless":                    {llmtest.Text(strings.Repeat("ha ", 1<<14)), llm.ErrCutOff, "", "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, silence := 20*time.Second, 20*time.Second // ample: only the stalls are to meet them
			switch {
			case tt.reply.Stall && tt.reply.After == 0:
				first = 300 * time.Millisecond
			case tt.reply.Stall:
				silence = 300 * time.Millisecond
			}
			srv := llmtest.New(t, tt.reply)
			client := connect(t, llm.Options{BaseURL: srv.URL, First: first, Silence: silence, MaxBytes: 1 << 16})
			got, err := collect(client.Stream(t.Context(), say("ask")))
			if !errors.Is(err, tt.want) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %v, want %v with %q", err, tt.want, tt.says)
			}
			if said := strings.Join(got, ""); said != tt.said && name != "endless" {
				t.Errorf("pieces = %q, want %q", said, tt.said)
			}
		})
	}
}

func TestLeavingAStreamEndsTheRequest(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Reply{Text: "a b c", Stall: true, After: 2})
	client := connect(t, llm.Options{BaseURL: srv.URL, Parallel: 1})

	for range client.Stream(t.Context(), say("ask")) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for piece, err := range client.Stream(ctx, say("ask")) { // needs the slot of the first
		if piece == "b " {
			cancel()
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) || isOurs(last) {
		t.Errorf("error = %v, want context.Canceled", last)
	}
}

func TestTokensResetTheSilence(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Reply{Text: "a b c d e f g h", Pace: 150 * time.Millisecond})
	client := connect(t, llm.Options{BaseURL: srv.URL, Silence: time.Second})
	if got, err := collect(client.Stream(t.Context(), say("ask"))); err != nil {
		t.Errorf("after %q: %v, want a whole reply", got, err)
	}
}

func TestASlowReaderIsNoSilence(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Text("a b"))
	client := connect(t, llm.Options{BaseURL: srv.URL, Silence: time.Second})
	for piece, err := range client.Stream(t.Context(), say("ask")) {
		if err != nil {
			t.Fatal(err)
		}
		if piece == "a " {
			time.Sleep(1300 * time.Millisecond)
		}
	}
}

func TestAStreamIsRetriedBeforeItBegins(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Fault(503, "", "busy"), llmtest.Text("hello"))
	got, err := collect(connect(t, llm.Options{BaseURL: srv.URL}).Stream(t.Context(), say("ask")))
	if err != nil || strings.Join(got, "") != "hello" || len(srv.Requests()) != 2 {
		t.Errorf("pieces = %q, %v after %d requests, want hello after 2", got, err, len(srv.Requests()))
	}
}
