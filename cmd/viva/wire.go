package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/adrg/xdg"

	"viva/content"
	"viva/index"
	"viva/interviewer"
	"viva/interviewer/grade"
	"viva/interviewer/grade/calibrate"
	"viva/interviewer/grade/estimate"
	"viva/interviewer/journal"
	"viva/interviewer/llm"
)

// defaultBaseURL is where a model is looked for when none is named: the
// address the protocol comes from.
const defaultBaseURL = "https://api.openai.com/v1"

// library loads the banks in use: those configured, or the built-in one and
// every bank in the data directory.
func (a *app) library() (content.Library, error) {
	paths := a.config.Banks
	if len(paths) == 0 {
		own, err := filepath.Glob(filepath.Join(xdg.DataHome, "viva", "banks", "*.yaml"))
		if err != nil {
			return nil, err
		}
		paths = append([]string{content.BuiltinName}, own...)
	}
	var lib content.Library
	for _, p := range paths {
		if p == content.BuiltinName {
			lib = append(lib, content.Builtin())
			continue
		}
		b, err := content.Load(p)
		if err != nil {
			return nil, err
		}
		if b.Name == content.BuiltinName {
			return nil, &usageError{p + ": a bank called aws would be taken for the built-in one", "rename the file"}
		}
		lib = append(lib, b)
	}
	return lib, distinct(lib)
}

// distinct refuses two banks of one name: nobody could tell their questions apart.
func distinct(lib content.Library) error {
	seen := map[string]bool{}
	for _, b := range lib {
		if seen[b.Name] {
			return &usageError{fmt.Sprintf("two banks are called %q", b.Name), "rename one of the files"}
		}
		seen[b.Name] = true
	}
	return nil
}

// openIndex opens the index over lib. Only banks that are not built in take time.
func (a *app) openIndex(ctx context.Context, lib content.Library) (*index.Index, error) {
	enc, err := a.encoder()
	if err != nil {
		return nil, fmt.Errorf("load encoder: %w", err)
	}
	ix, err := index.Open(ctx, lib, enc, index.Options{
		Cache: filepath.Join(xdg.CacheHome, "viva", "passages.vec"),
		Progress: func(done, total int) {
			if part := max(total/20, 200); done/part > (done-index.Step)/part || done == total {
				a.notice("indexing: %d of %d passages", done, total)
			}
		},
	})
	if err == nil && ix.Cut() > 0 {
		a.notice("%d passages are longer than the encoder reads; what stands at their end is not found", ix.Cut())
	}
	return ix, err
}

// lazyIndex opens its index when something first asks for it, so that an
// interview shows its first question without waiting for one.
type lazyIndex struct {
	open func(context.Context) (*index.Index, error)
	mu   sync.Mutex
	ix   *index.Index
}

func (l *lazyIndex) get(ctx context.Context) (*index.Index, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ix == nil {
		ix, err := l.open(ctx)
		if err != nil {
			return nil, err
		}
		l.ix = ix
	}
	return l.ix, nil
}

// Retrieve implements interviewer.Retriever. A resumed interview may hold a
// question that has left the bank or was edited there: then the entry that was
// asked is the reference.
func (l *lazyIndex) Retrieve(ctx context.Context, q content.Question, answer string) (content.Reference, error) {
	ix, err := l.get(ctx)
	if err != nil {
		return content.Reference{}, err
	}
	ref, err := ix.Retrieve(ctx, q, answer)
	if errors.Is(err, index.ErrNotIndexed) || err == nil && !slices.Equal(ref.Question.Passages(), q.Passages()) {
		return content.Reference{Question: q}, nil
	}
	return ref, err
}

// Advise implements interviewer.Advisor.
func (l *lazyIndex) Advise(ctx context.Context, missed, without []string, limit int) ([]content.Question, error) {
	ix, err := l.get(ctx)
	if err != nil {
		return nil, err
	}
	const least = 0.1 // what is less sure than that tests something else
	hits, err := ix.Together(ctx, missed, index.Wanted{Limit: limit, Least: least, Without: without})
	var qs []content.Question
	for _, h := range hits {
		qs = append(qs, h.Question)
	}
	return qs, err
}

// Embed is a grade.Embed.
func (l *lazyIndex) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	ix, err := l.get(ctx)
	if err != nil {
		return nil, err
	}
	return ix.Embed(ctx, texts)
}

// pieces is an estimate.Split over the built-in encoder. An encoder that cannot be
// loaded has no pieces; opening the index says why.
func (a *app) pieces(text string) (ids []int32, vectors [][]float32) {
	enc, err := a.encoder()
	if err != nil {
		return nil, nil
	}
	return enc.Pieces(text)
}

// examiner builds who grades: the configured model, the estimator, or both.
func (a *app) examiner(ctx context.Context, lib content.Library) (interviewer.Examiner, error) {
	lazy := &lazyIndex{open: func(ctx context.Context) (*index.Index, error) { return a.openIndex(ctx, lib) }}
	x := interviewer.Examiner{Retriever: lazy, Advisor: lazy, Wait: a.waits()}
	estimator := grade.NewEstimator(estimate.Encoder{Embed: lazy.Embed, Split: a.pieces}, a.config.Judge.Strictness)
	if a.config.Judge.Grader != "model" {
		x.Estimate = estimator
	}
	client, err := a.judge(ctx)
	if err != nil {
		return x, err
	}
	if client != nil {
		judge := grade.NewJudge(client, grade.JudgeOptions{
			Name: client.Model(), Endpoint: client.Host(), Strictness: a.config.Judge.Strictness,
			Apart: a.apart(client), Second: estimator, Store: gradeStore{}, Follows: a.follows,
		})
		x.Model, x.Clarify = judge, judge.Clarify
	}
	return x, nil
}

// apart says whether the model is asked about each point alone, as configured or
// as its calibration found.
func (a *app) apart(client *llm.Client) bool {
	if a.config.Judge.Calls != "auto" {
		return a.config.Judge.Calls == "apart"
	}
	c, ok, err := readCalibration(client.Host(), client.Model())
	return err == nil && ok && c.Apart
}

// gradeStore is a grade.Store of files in the cache directory. What cannot be
// written is not kept.
type gradeStore struct{}

func (gradeStore) folder() string { return filepath.Join(xdg.CacheHome, "viva", "grades") }

func (s gradeStore) path(key string) string { return filepath.Join(s.folder(), key[:2], key+".json") }

// clear forgets every grade.
func (s gradeStore) clear() error { return os.RemoveAll(s.folder()) }

// Load implements grade.Store.
func (s gradeStore) Load(key string) ([]byte, bool) {
	data, err := os.ReadFile(s.path(key))
	return data, err == nil
}

// Save implements grade.Store.
func (s gradeStore) Save(key string, data []byte) {
	path := s.path(key)
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	if tmp := path + ".new"; os.WriteFile(tmp, data, 0o600) == nil {
		_ = os.Rename(tmp, path) // a grade that is not kept is asked for again
	}
}

// waits reports whether an answer that the model could not grade stays without
// a grade: always, or so that the candidate can choose.
func (a *app) waits() bool {
	choice := a.config.Judge.OnFailure
	return choice == "wait" || choice == "ask" && a.fullScreen()
}

// fullScreen reports whether both ends are a terminal that can be redrawn, and
// nobody asked for lines.
func (a *app) fullScreen() bool {
	return !a.json && !a.config.Interview.Plain && isTerminal(a.in) && isTerminal(a.out) && os.Getenv("TERM") != "dumb"
}

// judge returns the client of the model that grades, or nil when the estimator
// grades alone: no model is configured, the estimate is asked for, or viva is
// offline.
func (a *app) judge(ctx context.Context) (*llm.Client, error) {
	j := a.config.Judge
	switch {
	case j.Grader == "estimate":
		return nil, nil
	case j.Grader == "model" && a.config.Offline:
		return nil, &usageError{"--grader model needs a connection, and viva is offline", "leave out --offline, or use --grader estimate"}
	case j.Grader == "model" && j.Model == "":
		return nil, &configError{[]string{"no model is configured: set llm.model, and llm.base_url for a server of your own"}}
	case j.Model == "" && j.BaseURL != "" && !a.config.Offline:
		a.notice("no model is named, so %s is not asked: --model names one", j.BaseURL)
		return nil, nil
	case j.Model == "" || a.config.Offline:
		return nil, nil
	}
	key, err := j.key(ctx)
	if err != nil {
		return nil, err
	}
	if j.BaseURL == "" {
		j.BaseURL = defaultBaseURL
	}
	client, err := llm.New(llm.Options{
		BaseURL: j.BaseURL,
		Model:   j.Model,
		Key:     key,
		First:   time.Duration(j.FirstSeconds) * time.Second,
		Silence: time.Duration(j.Silence) * time.Second,
		Total:   time.Duration(j.Deadline) * time.Second,
	})
	if err != nil {
		return nil, &configError{[]string{err.Error()}}
	}
	a.sendsTo = fmt.Sprintf("answers go to %s (%s) to be graded", client.Host(), client.Model())
	if c, ok, err := readCalibration(client.Host(), client.Model()); err == nil && ok && c.Fitness == calibrate.Unfit {
		a.unfit = fmt.Sprintf("%s was found not fit to grade on %s; --grader estimate grades better", client.Model(), c.At.Local().Format(time.DateOnly))
	}
	return client, nil
}

// key reads the API key from the command, file or environment variable that is
// configured, in this order; "" when there is none.
func (e EndpointConfig) key(ctx context.Context) (llm.Secret, error) {
	switch {
	case strings.TrimSpace(e.KeyCmd) != "":
		args := strings.Fields(e.KeyCmd)
		out, err := exec.CommandContext(ctx, args[0], args[1:]...).Output()
		if err != nil {
			return "", &configError{[]string{fmt.Sprintf("api_key_cmd %s: %v%s", args[0], err, said(err))}}
		}
		return llm.Secret(strings.TrimSpace(string(out))), nil
	case e.KeyFile != "":
		data, err := os.ReadFile(e.KeyFile)
		if err != nil {
			return "", &configError{[]string{fmt.Sprintf("api_key_file: %v", err)}}
		}
		return llm.Secret(strings.TrimSpace(string(data))), nil
	}
	return llm.Secret(strings.TrimSpace(os.Getenv(e.KeyEnv))), nil
}

// said is what a command that failed wrote to stderr.
func said(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return ": " + strings.Join(strings.Fields(content.Printable(string(exit.Stderr))), " ")
	}
	return ""
}

// announce says where answers go, before the first one does.
func (a *app) announce() {
	for _, text := range []string{a.remark, a.sendsTo, a.unfit} {
		if text != "" {
			a.notice("%s", text)
		}
	}
}

// grader names who grades, for the screen.
func (a *app) grader() string {
	if a.sendsTo == "" {
		return "estimate, offline"
	}
	return a.config.Judge.Model
}

func journalPath() string { return filepath.Join(xdg.DataHome, "viva", "journal.db") }

// hasHome refuses to write where nobody lives: without a home the data directory
// would lie in the root of the file system.
func hasHome() error {
	if _, err := os.UserHomeDir(); err != nil && os.Getenv("XDG_DATA_HOME") == "" {
		return &usageError{"there is no home directory to keep interviews in", "set HOME, or XDG_DATA_HOME to a folder"}
	}
	return nil
}

func openJournal(ctx context.Context) (*journal.Journal, error) {
	if err := hasHome(); err != nil {
		return nil, err
	}
	return journal.Open(ctx, journalPath())
}
