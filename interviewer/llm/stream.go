package llm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/sashabaranov/go-openai"

	"viva/prompts"
)

// errNoStream reports an endpoint that answers in one go when asked to stream.
var errNoStream = errors.New("the endpoint does not stream")

// Stream sends p and yields the reply in pieces as they come. An error is
// yielded last, with an empty piece; without one the reply was whole. The time
// the reader takes between pieces counts against Total only. From an endpoint
// that cannot stream the reply comes as one piece.
func (c *Client) Stream(ctx context.Context, p prompts.Prompt) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		left := false
		err := c.do(ctx, c.total, func(ctx context.Context) error {
			return c.stream(ctx, p, func(piece string) bool {
				left = !yield(piece, nil)
				return !left
			})
		})
		switch {
		case left || err == nil:
		case errors.Is(err, errNoStream):
			reply, err := c.Complete(ctx, p)
			yield(reply.Text, err)
		default:
			yield("", err)
		}
	}
}

// stream gives the pieces of one reply to take until that returns false.
func (c *Client) stream(parent context.Context, p prompts.Prompt, take func(string) bool) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	w := watch{cancel: cancel}
	w.expect("no first token", c.first)
	defer func() { w.rest() }()

	var in *openai.ChatCompletionStream
	err := c.adapt(p, func(r openai.ChatCompletionRequest) (err error) {
		in, err = c.chat.CreateChatCompletionStream(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return listen(in, func(piece string) bool {
		w.rest()
		defer w.expect("no next token", c.silence)
		return piece == "" || take(piece)
	})
}

// listen gives each token to take, a hidden thought as "", until the reply is
// whole or take returns false.
func listen(in *openai.ChatCompletionStream, take func(string) bool) error {
	spoke, refusal := false, ""
	for {
		chunk, err := in.Recv()
		if errors.Is(err, io.EOF) {
			return &Error{Kind: ErrCutOff, Detail: "the stream ended before the reply did"}
		}
		if err != nil {
			return err
		}
		if len(chunk.Choices) == 0 {
			continue
		}
		choice := chunk.Choices[0]
		said := choice.Delta.Content
		spoke = spoke || said != ""
		refusal += choice.Delta.Refusal
		if (said != "" || choice.Delta.ReasoningContent != "") && !take(said) {
			return nil
		}
		if choice.FinishReason != "" && choice.FinishReason != openai.FinishReasonNull {
			return verdict(choice.FinishReason, spoke, refusal)
		}
	}
}

// watch cancels a call when a token does not come in time.
type watch struct {
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

func (w *watch) expect(what string, limit time.Duration) {
	w.timer = time.AfterFunc(limit, func() { w.cancel(stalled(what, limit)) })
}

func (w *watch) rest() { w.timer.Stop() }

// events is a stream reduced to what go-openai reads reliably: data lines, each
// whole. Left in, comments and event names spoil its search for errors, and a
// last line without an end is lost.
type events struct {
	src *bufio.Reader
	io.Closer
	header  http.Header
	scrub   func(string) string
	pending []byte
}

// Read ends with an *Error when the endpoint reports a fault among the events.
func (e *events) Read(p []byte) (int, error) {
	for len(e.pending) == 0 {
		if err := e.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, e.pending)
	e.pending = e.pending[n:]
	return n, nil
}

// next reads one line; what it holds for go-openai is then pending.
func (e *events) next() error {
	line, err := e.src.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	line = bytes.TrimSpace(line)
	data, ok := bytes.CutPrefix(line, []byte("data:"))
	if !ok { // older llama.cpp reports faults as "error: {…}"
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("error:")))
		if bytes.HasPrefix(line, []byte("{")) {
			return failed(http.StatusOK, e.header, line, e.scrub)
		}
		return err
	}
	if hasError(data) {
		return failed(http.StatusOK, e.header, data, e.scrub)
	}
	if err != nil && !json.Valid(data) {
		return err // the line was cut
	}
	e.pending = append(append([]byte("data: "), data...), '\n')
	return nil
}
