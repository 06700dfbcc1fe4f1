// Package llmtest is an OpenAI-compatible endpoint for tests that does as it is
// told, misbehaviour included.
//
//	srv := llmtest.New(t, llmtest.Fault(429, "rate_limit_exceeded", "slow down"), llmtest.Text("hello"))
//	client, err := llm.New(llm.Options{BaseURL: srv.URL, Model: "m"})
//
// Replies are given in order and the last one again and again. Embeddings and
// the list of models work without a script.
package llmtest

import (
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a running endpoint. Its methods may be called at any time from any
// goroutine.
type Server struct {
	URL string // base URL for clients, ending in /v1

	quit chan struct{} // closed to end stalled replies

	mu       sync.Mutex
	script   map[string][]Reply // what is left to answer, by path
	requests []Request
}

// New starts a server that answers chat requests with replies and ends with
// the test.
func New(t testing.TB, replies ...Reply) *Server {
	t.Helper()
	s, stop := Start(replies...)
	t.Cleanup(stop)
	return s
}

// Start is New for where there is no test; the caller calls stop.
func Start(replies ...Reply) (s *Server, stop func()) {
	s = &Server{quit: make(chan struct{}), script: map[string][]Reply{}}
	s.On("/chat/completions", replies...)
	s.On("/embeddings", Func(embed))
	s.On("/models", Reply{Body: `{"object":"list","data":[{"id":"test-model","object":"model"}]}`})
	web := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = web.URL + "/v1"
	return s, sync.OnceFunc(func() { close(s.quit); web.Close() })
}

// On replaces the script of one path: "/chat/completions", "/embeddings" or
// "/models".
func (s *Server) On(path string, replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[path] = slices.Clone(replies)
}

// Requests is what was asked so far, in order of arrival.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// next records r and picks its reply.
func (s *Server) next(r Request) Reply {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	reply := Fault(http.StatusNotFound, "no_script", "llmtest: nothing is scripted for "+r.Path)
	if left := s.script[r.Path]; len(left) > 0 {
		reply = left[0]
		if len(left) > 1 {
			s.script[r.Path] = left[1:]
		}
	}
	s.mu.Unlock()
	for reply.Func != nil {
		reply = reply.Func(r)
	}
	return reply
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	request := Request{Path: strings.TrimPrefix(r.URL.Path, "/v1"), Header: r.Header.Clone()}
	if err := request.decode(body); err != nil {
		http.Error(w, `{"error":{"message":"llmtest: the request is not JSON"}}`, http.StatusBadRequest)
		return
	}
	reply := s.next(request)
	if request.Stream && reply.Body == "" {
		s.stream(w, r, reply, reply.pieces(request.Model))
		return
	}
	if reply.Body == "" {
		reply.Body = reply.completion(request.Model)
	}
	s.whole(w, r, reply)
}

// whole sends a reply in one go.
func (s *Server) whole(w http.ResponseWriter, r *http.Request, reply Reply) {
	switch {
	case reply.Stall:
		s.stall(r)
		return
	case reply.Drop:
		panic(http.ErrAbortHandler)
	case reply.Cut:
		reply.Body = reply.Body[:len(reply.Body)/2]
	}
	reply.head(w, "application/json")
	_, _ = io.WriteString(w, reply.Body) // the client may have left
}

// stream sends a reply piece by piece, with the comments real servers send.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, reply Reply, pieces []string) {
	early := reply.Cut || reply.Drop || reply.Stall
	if early {
		pieces = pieces[:min(reply.After, len(pieces))]
	}
	if !early || len(pieces) > 0 {
		reply.head(w, "text/event-stream")
		_, _ = io.WriteString(w, ": llmtest\n\n")
	}
	for _, piece := range pieces {
		time.Sleep(reply.Pace)
		_, _ = fmt.Fprintf(w, "data: %s\n\n", piece)
		w.(http.Flusher).Flush()
	}
	switch {
	case reply.Stall:
		s.stall(r)
	case reply.Drop:
		panic(http.ErrAbortHandler)
	case !reply.Cut:
		_, _ = io.WriteString(w, "data: [DONE]\n\n")
	}
}

// stall waits until the client leaves or the server closes.
func (s *Server) stall(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.quit:
	}
	panic(http.ErrAbortHandler)
}

// head sends the status and headers of a reply.
func (r Reply) head(w http.ResponseWriter, contentType string) {
	w.Header().Set("Content-Type", contentType)
	for name, values := range r.Header {
		w.Header()[name] = values
	}
	if r.Status != 0 {
		w.WriteHeader(r.Status)
	}
}

// embed gives each text the counts of its words, hashed into 16 places: texts
// that share words are near each other. The vectors are not of unit length.
func embed(r Request) Reply {
	data := make([]object, len(r.Input))
	for i, text := range r.Input {
		vector := make([]float32, 16)
		for word := range strings.FieldsSeq(strings.ToLower(text)) {
			h := fnv.New32a()
			_, _ = io.WriteString(h, word)
			vector[h.Sum32()%16]++
		}
		data[i] = object{"object": "embedding", "index": i, "embedding": vector}
	}
	return Reply{Body: object{"object": "list", "model": r.Model, "data": data}.String()}
}
