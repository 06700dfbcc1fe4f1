package llmtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Reply is one scripted answer. The zero Reply is an empty text. Text and what
// follows it shape an answer of the protocol; Body replaces it by raw bytes.
type Reply struct {
	Text   string // content of the one choice
	Finish string // finish_reason; "": stop; None: left out
	Prompt int    // usage.prompt_tokens; 0: no usage is told
	Silent bool   // no choices at all

	Status int         // 0: 200
	Header http.Header // added to the answer
	Body   string      // sent as it stands, instead of the protocol's form

	// Cut ends the answer too early but politely, Drop breaks the connection,
	// Stall says nothing more until the client leaves. Each takes effect after
	// After pieces of a streamed reply, or at once in one that is not streamed.
	Cut, Drop, Stall bool
	After            int

	Pace time.Duration // pause before each piece of a stream

	// Func computes the reply from the request; all else here is then unused.
	Func func(Request) Reply
}

// None as a Reply's Finish leaves the finish_reason out.
const None = "none"

// Text is a complete answer of that content.
func Text(text string) Reply { return Reply{Text: text} }

// JSON is a complete answer whose content is v as JSON. It panics if v cannot
// be encoded.
func JSON(v any) Reply {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return Reply{Text: string(text)}
}

// Fault is an error of the protocol: its status, code and message.
func Fault(status int, code, message string) Reply {
	body := object{"error": object{"message": message, "code": code, "type": code, "param": nil}}
	return Reply{Status: status, Body: body.String()}
}

// HTML is a web page, as from a proxy or a wrong port.
func HTML(status int) Reply {
	header := http.Header{"Content-Type": {"text/html"}}
	return Reply{Status: status, Header: header, Body: "<!DOCTYPE html><title>Welcome</title>"}
}

// Func computes each reply from its request.
func Func(f func(Request) Reply) Reply { return Reply{Func: f} }

// object is a JSON object written by hand.
type object map[string]any

func (o object) String() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// finish is the finish_reason as JSON knows it.
func (r Reply) finish() any {
	switch r.Finish {
	case "":
		return "stop"
	case None:
		return nil
	}
	return r.Finish
}

// completion is the whole reply as one object.
func (r Reply) completion(model string) string {
	choices := []object{{
		"index": 0, "finish_reason": r.finish(),
		"message": object{"role": "assistant", "content": r.Text},
	}}
	if r.Silent {
		choices = []object{}
	}
	out := object{"id": "llmtest", "object": "chat.completion", "model": model, "choices": choices}
	if r.Prompt > 0 {
		out["usage"] = object{"prompt_tokens": r.Prompt, "completion_tokens": len(strings.Fields(r.Text))}
	}
	return out.String()
}

// pieces is the reply as the events of a stream, a word each.
func (r Reply) pieces(model string) []string {
	if r.Silent {
		return nil
	}
	var out []string
	event := func(delta object, finish any) {
		choices := []object{{"index": 0, "delta": delta, "finish_reason": finish}}
		out = append(out, object{"object": "chat.completion.chunk", "model": model, "choices": choices}.String())
	}
	for word := range strings.SplitAfterSeq(r.Text, " ") {
		event(object{"content": word}, nil)
	}
	event(object{}, r.finish())
	return out
}
