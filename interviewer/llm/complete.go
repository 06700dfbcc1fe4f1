package llm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/sashabaranov/go-openai"

	"viva/prompts"
)

// coldest is the temperature of every call. Zero would be dropped by go-openai,
// and the server's default used. The smallest float there is would be taken for
// zero by some servers and divided by in others, llama.cpp among them, where
// every logit becomes infinite.
const coldest = 1e-6

// fixedSeed makes servers that sample all the same do it alike each time.
const fixedSeed = 1

// unwanted is a set of parts of a request that an endpoint does not accept.
type unwanted uint8

const (
	anyFormat unwanted = 1 << iota
	temperature
	seed
	oldLimit // max_tokens, which newer models want as max_completion_tokens
)

// manner is how an endpoint wants to be asked.
type manner struct {
	rung  int      // place on the ladder of reply formats
	spare unwanted // what to leave out
}

// objectWithSchema is json_object with the schema beside it, which llama.cpp and
// its Python server hold a reply to; no constant of go-openai's.
const objectWithSchema openai.ChatCompletionResponseFormatType = "json_object with schema"

// ladder has the reply formats from the strictest down.
var ladder = [...]openai.ChatCompletionResponseFormatType{
	openai.ChatCompletionResponseFormatTypeJSONSchema,
	objectWithSchema,
	openai.ChatCompletionResponseFormatTypeJSONObject,
	"",
}

var (
	formatWords  = regexp.MustCompile(`response[_ ]format|json[_ ]?schema|json_object|grammar|structured output|invalid schema`)
	refusalWords = regexp.MustCompile(`not support|unsupported|un(known|recognized|expected)|not (permitted|allowed)|forbidden|deprecated`)
	seedWord     = regexp.MustCompile(`\bseed\b`)
	coldWord     = regexp.MustCompile(`\btemperature\b`)
	limitWord    = regexp.MustCompile(`\bmax_tokens\b`)
)

// unwantedIn reads a refusal, in lower case, for the parts it names.
func unwantedIn(said string) (parts unwanted) {
	if formatWords.MatchString(said) {
		parts |= anyFormat
	}
	if !refusalWords.MatchString(said) {
		return parts
	}
	for word, part := range map[*regexp.Regexp]unwanted{
		seedWord: seed, coldWord: temperature, limitWord: oldLimit,
	} {
		if word.MatchString(said) {
			parts |= part
		}
	}
	return parts
}

// picky is what go-openai will not let us send to a model of that name.
func picky(model string) unwanted {
	request := openai.ChatCompletionRequest{Model: model, Temperature: coldest}
	if openai.NewReasoningValidator().Validate(request) != nil {
		return temperature | oldLimit
	}
	return 0
}

// Complete sends p and returns the whole reply, without what a reasoning model
// thought aloud. With a schema the strictest reply format that the endpoint
// accepts is asked for, and the text is the JSON value found in the reply, or
// the reply as it is where there is none; whether it fits is for the caller to
// see. A reply that was cut, refused or empty is an error.
func (c *Client) Complete(ctx context.Context, p prompts.Prompt) (prompts.Reply, error) {
	var out openai.ChatCompletionResponse
	err := c.do(ctx, c.total, func(ctx context.Context) error {
		err := c.adapt(p, func(r openai.ChatCompletionRequest) (err error) {
			out, err = c.chat.CreateChatCompletion(ctx, r)
			return err
		})
		if err != nil {
			return err
		}
		return judge(p, out)
	})
	if err != nil {
		return prompts.Reply{}, err
	}
	return prompts.Reply{
		Text:             spoken(out.Choices[0].Message.Content, p.Schema != nil),
		Model:            out.Model,
		PromptTokens:     out.Usage.PromptTokens,
		CompletionTokens: out.Usage.CompletionTokens,
	}, nil
}

// spoken is the part of a reply's content that is meant for us.
func spoken(text string, wantJSON bool) string {
	if value, err := ExtractJSON(text); wantJSON && err == nil {
		return string(value)
	}
	return afterThought(text)
}

// adapt calls with p in the manner found so far, and again in a plainer one as
// long as the endpoint refuses the form of the request.
func (c *Client) adapt(p prompts.Prompt, call func(openai.ChatCompletionRequest) error) error {
	if len(p.Messages) == 0 {
		return &Error{Kind: ErrRejected, Detail: "prompt " + p.Name + " has no messages"}
	}
	for {
		c.mu.Lock()
		m := c.manner
		c.mu.Unlock()
		err := call(request(c.model, p, m))
		var e *Error
		if !errors.As(err, &e) {
			return err
		}
		plainer, ok := m.without(e.unwanted, p.Schema != nil)
		if !ok {
			return err
		}
		c.mu.Lock()
		if c.manner == m { // another call may have learnt more meanwhile
			c.manner = plainer
		}
		c.mu.Unlock()
	}
}

// without is m without the parts. ok is false when m had none of them, so that
// asking again would be the same request.
func (m manner) without(parts unwanted, formatted bool) (plainer manner, ok bool) {
	plainer = m
	plainer.spare |= parts &^ anyFormat
	if parts&anyFormat != 0 && formatted && m.rung < len(ladder)-1 {
		plainer.rung++
	}
	return plainer, plainer != m
}

// request is p in the words of go-openai.
func request(model string, p prompts.Prompt, m manner) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{Model: model}
	for _, message := range p.Messages {
		r.Messages = append(r.Messages, openai.ChatCompletionMessage{
			Role: string(message.Role), Content: message.Text,
		})
	}
	if m.spare&temperature == 0 {
		r.Temperature = coldest
	}
	if m.spare&seed == 0 {
		r.Seed = new(fixedSeed)
	}
	if m.spare&oldLimit == 0 {
		//lint:ignore SA1019 most local servers know only the old name
		r.MaxTokens = p.MaxTokens //nolint:staticcheck // as above
	} else {
		r.MaxCompletionTokens = p.MaxTokens
	}
	if p.Schema != nil {
		setFormat(&r, p, ladder[m.rung])
	}
	return r
}

// setFormat asks for a reply that fits the schema. Where the format may not
// carry the schema, it is said in words too.
func setFormat(r *openai.ChatCompletionRequest, p prompts.Prompt, format openai.ChatCompletionResponseFormatType) {
	if format != "" {
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: format}
	}
	if format == openai.ChatCompletionResponseFormatTypeJSONSchema || format == objectWithSchema {
		r.ResponseFormat.JSONSchema = &openai.ChatCompletionResponseFormatJSONSchema{
			Name: cmp.Or(p.Name, "reply"), Schema: p.Schema, Strict: true,
		}
	}
	if format == openai.ChatCompletionResponseFormatTypeJSONSchema {
		return
	}
	last := &r.Messages[len(r.Messages)-1]
	last.Content += "\n\nReply with one JSON object and nothing else. It must fit this JSON schema:\n" + string(p.Schema)
}

// reshape turns the format objectWithSchema into what servers read, since
// go-openai has no field for it: {"type":"json_object","schema":…}.
func reshape(body []byte) []byte {
	if !bytes.Contains(body, []byte(objectWithSchema)) {
		return body
	}
	var request, format map[string]json.RawMessage
	var wrapped struct {
		Schema json.RawMessage `json:"schema"`
	}
	if json.Unmarshal(body, &request) != nil || json.Unmarshal(request["response_format"], &format) != nil ||
		string(format["type"]) != strconv.Quote(string(objectWithSchema)) || json.Unmarshal(format["json_schema"], &wrapped) != nil {
		return body
	}
	var err error
	request["response_format"], err = json.Marshal(map[string]any{"type": "json_object", "schema": wrapped.Schema})
	if err != nil {
		return body
	}
	if shaped, err := json.Marshal(request); err == nil {
		return shaped
	}
	return body
}

// judge errs when the reply is not one whole answer to all of p.
func judge(p prompts.Prompt, out openai.ChatCompletionResponse) error {
	if err := swallowed(p, out.Usage.PromptTokens); err != nil {
		return err
	}
	if len(out.Choices) == 0 {
		return &Error{Kind: ErrNotProtocol, Detail: "a reply without choices"}
	}
	choice := out.Choices[0]
	return verdict(choice.FinishReason, choice.Message.Content != "", choice.Message.Refusal)
}

// verdict errs when a reply that ended for that reason is not whole. Some
// servers give no reason for replies that are not streamed: that is none too.
func verdict(reason openai.FinishReason, spoke bool, refusal string) error {
	switch {
	case refusal != "":
		return &Error{Kind: ErrRefused, Detail: clean(refusal)}
	case reason == openai.FinishReasonContentFilter:
		return &Error{Kind: ErrRefused, Detail: "its content filter stepped in"}
	case reason == openai.FinishReasonLength:
		return &Error{Kind: ErrCutOff, Detail: "it reached the limit of its length"}
	case !spoke:
		return &Error{Kind: ErrNotProtocol, Detail: "an empty reply"}
	}
	return nil
}

// swallowed errs when the endpoint read far fewer tokens than p can have: some
// servers drop what does not fit their context and say nothing.
func swallowed(p prompts.Prompt, read int) error {
	sent := 0
	for _, m := range p.Messages {
		sent += utf8.RuneCountInString(m.Text)
	}
	const charsPerToken, margin = 4, 5
	if read == 0 || sent <= 2000 || read >= sent/charsPerToken/margin {
		return nil
	}
	return &Error{Kind: ErrContextTooLong, Detail: fmt.Sprintf("it was cut silently: of %d characters only %d tokens were read", sent, read)}
}
