package llmtest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Request is what a client asked.
type Request struct {
	Path     string // "/chat/completions", "/embeddings" or "/models"
	Header   http.Header
	Model    string
	Messages []Message
	Stream   bool
	Format   string          // type of the response_format, "+schema" where one stands beside it; "": none was asked for
	Input    []string        // texts to embed
	Raw      json.RawMessage // the body as it came
}

// Message is one turn of the conversation in a request.
type Message struct {
	Role string `json:"role"`
	Text string `json:"content"`
}

// Text is the whole conversation, a blank line between its messages.
func (r Request) Text() string {
	texts := make([]string, len(r.Messages))
	for i, m := range r.Messages {
		texts[i] = m.Text
	}
	return strings.Join(texts, "\n\n")
}

// decode reads the body of a request; fields it lacks stay zero.
func (r *Request) decode(body []byte) error {
	r.Raw = body
	if len(body) == 0 {
		return nil
	}
	var wire struct {
		Model    string    `json:"model"`
		Messages []Message `json:"messages"`
		Stream   bool      `json:"stream"`
		Input    []string  `json:"input"`
		Format   struct {
			Type   string          `json:"type"`
			Schema json.RawMessage `json:"schema"`
		} `json:"response_format"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return err
	}
	r.Model, r.Messages, r.Stream = wire.Model, wire.Messages, wire.Stream
	r.Input, r.Format = wire.Input, wire.Format.Type
	if wire.Format.Schema != nil {
		r.Format += "+schema"
	}
	return nil
}
