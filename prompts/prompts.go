// Package prompts holds every text that viva sends to a language model and
// every sentence it says by itself: one template file each, one typed function
// each, and a golden file that shows the result.
//
// Rendering is pure: the same input gives the same text. A template that asks
// for a field its input lacks is an error, never an empty line. Each prompt
// carries a version, the first hex digits of a hash of its template, which is
// stored with every grade made from it.
package prompts

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
)

// Role says who speaks a message.
type Role string

// The roles of the chat protocol.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of the conversation sent to a model.
type Message struct {
	Role Role
	Text string
}

// Prompt is a conversation ready to send.
type Prompt struct {
	Name      string // file name without ending: "judge"
	Version   string // first 12 hex digits of the template's sha256
	Messages  []Message
	Schema    json.RawMessage // JSON schema the reply must fit; nil: free text
	MaxTokens int             // bound on the reply
}

// Reply is what a model answered.
type Reply struct {
	Text             string
	Model            string // as the endpoint names it
	PromptTokens     int    // 0: the endpoint did not say
	CompletionTokens int    // 0: the endpoint did not say
}

// Repair returns p continued by the faulty reply and a request to mend the
// faults named, for the one repair turn a reply gets.
func (p Prompt) Repair(reply string, faults []string) (Prompt, error) {
	user, _, err := render("repair", struct{ Faults []string }{faults})
	if err != nil {
		return Prompt{}, err
	}
	messages := append([]Message(nil), p.Messages...)
	p.Messages = append(messages, Message{Assistant, reply}, Message{User, user})
	return p, nil
}

//go:embed *.tmpl
var files embed.FS

// render executes NAME.tmpl over data and returns its text and version.
func render(name string, data any) (text, version string, err error) {
	source, err := files.ReadFile(name + ".tmpl")
	if err != nil {
		return "", "", fmt.Errorf("prompt %s: %w", name, err)
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{
		"trim": strings.TrimSpace,
		"inc":  func(i int) int { return i + 1 },
	}).Parse(string(source))
	if err != nil {
		return "", "", fmt.Errorf("prompt %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return "", "", fmt.Errorf("prompt %s: %w", name, err)
	}
	sum := sha256.Sum256(source)
	return strings.TrimSpace(out.String()), hex.EncodeToString(sum[:])[:12], nil
}

// chat renders a template whose two parts, parted by a line of "=====", are
// the system and the user message.
func chat(name string, data any) (Prompt, error) {
	text, version, err := render(name, data)
	if err != nil {
		return Prompt{}, err
	}
	system, user, ok := strings.Cut(text, "\n=====\n")
	if !ok {
		return Prompt{}, fmt.Errorf("prompt %s: no line of ===== between its two messages", name)
	}
	return Prompt{
		Name:     name,
		Version:  version,
		Messages: []Message{{System, strings.TrimSpace(system)}, {User, strings.TrimSpace(user)}},
	}, nil
}
