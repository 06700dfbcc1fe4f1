package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"viva/interviewer/llm/llmtest"
)

func TestMain(m *testing.M) {
	if os.Getenv("VIVA_TEST_RUN") != "" { // a test runs this binary as viva
		if os.Getenv("VIVA_TEST_READY") != "" {
			signal.Notify(make(chan os.Signal, 1), os.Interrupt) // an early one kills no more
			fmt.Fprintln(os.Stderr, "ready")
		}
		os.Exit(run())
	}
	testscript.Main(m, map[string]func(){"viva": func() { os.Exit(run()) }})
}

// TestScripts runs testdata/*.txtar: sessions that a user could type. Each one
// has a home directory of its own. "endpoint KIND" starts a scripted model and
// sets ENDPOINT to its address; "json N" wants N lines of JSON on stdout;
// "prompts TEXT" wants TEXT in what the model was last asked, "! prompts TEXT"
// does not.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			for name, dir := range map[string]string{"DATA": "data", "CONFIG": "config", "CACHE": "cache"} {
				env.Setenv("XDG_"+name+"_HOME", filepath.Join(home, dir))
			}
			env.Setenv("TERM", "dumb")
			env.Values[serverKey{}] = new(*llmtest.Server)
			return os.MkdirAll(home, 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"endpoint": startEndpoint, "json": checkJSON, "prompts": checkPrompts,
		},
	})
}

type serverKey struct{}

// endpoints are the scripted models. A graded answer takes two requests, one
// for the verdicts and one for the feedback.
var endpoints = map[string][]llmtest.Reply{
	"judge":  {llmtest.Func(judgeReply)},
	"prose":  {llmtest.Text("What a great answer!")},
	"refuse": {llmtest.Fault(401, "invalid_api_key", "no such key")},
	"dies":   {llmtest.Func(judgeReply), llmtest.Func(judgeReply), llmtest.Fault(500, "server_error", "out of memory")},
}

func startEndpoint(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] == "down" {
		ts.Setenv("ENDPOINT", "http://127.0.0.1:1/v1")
		return
	}
	replies, ok := endpoints[args[0]]
	if !ok {
		ts.Fatalf("no endpoint %q", args[0])
	}
	server, stop := llmtest.Start(replies...)
	ts.Defer(stop)
	*ts.Value(serverKey{}).(**llmtest.Server) = server
	ts.Setenv("ENDPOINT", server.URL)
}

var (
	pointLine  = regexp.MustCompile(`(?m)^- id ([\w-]+): `)
	markedText = regexp.MustCompile(`(?s)The answer:\n~~~ \w+ ~~~\n(.*)\n~~~`)
)

// judgeReply meets each point whose id stands in the answer and quotes the
// whole answer for it; to anything but the judge's prompt it replies in prose.
func judgeReply(r llmtest.Request) llmtest.Reply {
	prompt := r.Messages[len(r.Messages)-1].Text
	answer := markedText.FindStringSubmatch(prompt)
	if answer == nil {
		return llmtest.Text("You said it plainly. Next time add the rest.")
	}
	points := map[string]map[string]string{}
	for _, m := range pointLine.FindAllStringSubmatch(prompt, -1) {
		points[m[1]] = map[string]string{"verdict": "missed", "quote": ""}
		if strings.Contains(answer[1], m[1]) {
			points[m[1]] = map[string]string{"verdict": "met", "quote": answer[1]}
		}
	}
	return llmtest.JSON(map[string]any{"points": points, "mistakes": []string{}})
}

func checkPrompts(ts *testscript.TestScript, neg bool, args []string) {
	server := *ts.Value(serverKey{}).(**llmtest.Server)
	for _, r := range server.Requests() {
		for _, m := range r.Messages {
			if strings.Contains(m.Text, args[0]) {
				if neg {
					ts.Fatalf("the model was shown %q", args[0])
				}
				return
			}
		}
	}
	if !neg {
		ts.Fatalf("the model was not shown %q", args[0])
	}
}

func checkJSON(ts *testscript.TestScript, _ bool, args []string) {
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stdout"), "\n"), "\n")
	for _, l := range lines {
		if !json.Valid([]byte(l)) {
			ts.Fatalf("no JSON: %s", l)
		}
	}
	if want, err := strconv.Atoi(args[0]); err != nil || len(lines) != want {
		ts.Fatalf("%d lines of JSON, want %s", len(lines), args[0])
	}
}
