package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"viva/interviewer/llm/llmtest"
)

// draftAge is how old a draft may be when the program is killed.
const draftAge = 2 * time.Second

// phase is what an interview is doing when it is killed.
type phase string

const (
	starting phase = "starting"
	typing   phase = "typing"
	grading  phase = "grading"
	between  phase = "between events"
)

// reach is how long after the beginning of each phase the kill may come.
func (p phase) reach() time.Duration {
	return map[phase]time.Duration{
		starting: 300 * time.Millisecond, typing: 3500 * time.Millisecond,
		grading: 400 * time.Millisecond, between: 100 * time.Millisecond,
	}[p]
}

var questions = []string{"ebs-vs-instance-store", "efs-vs-ebs", "lambda-cold-start"}

// manner is one way of holding an interview: how it is started, what is typed
// and what it shows.
type manner struct {
	name         string
	start        func(*testing.T, *exec.Cmd) (io.Writer, io.Reader)
	args         []string
	space        string // behind each word
	submit, next string
	asks, graded string // what is shown when an answer can be typed, and with a grade
}

var lines = manner{
	name: "lines", start: startPiped, args: []string{"--plain"},
	space: "\n", submit: ".\n", asks: "Your answer:", graded: "Grade:",
}

func startPiped(t *testing.T, cmd *exec.Cmd) (io.Writer, io.Reader) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return in, out
}

// ordeal is one interview and when it is killed.
type ordeal struct {
	seed   uint64
	home   string
	model  *llmtest.Server // who grades; nil: the estimator
	manner manner
	phase  phase
	turn   int
	after  time.Duration // the beginning of the phase in that turn
}

func (o ordeal) String() string {
	by := "estimate"
	if o.model != nil {
		by = "model"
	}
	return fmt.Sprintf("%s, %s, seed %d: killed while %s, question %d, after %v", o.manner.name, by, o.seed, o.phase, o.turn+1, o.after)
}

// drawOrdeal draws an ordeal; the same seed gives the same.
func drawOrdeal(t *testing.T, seed uint64) ordeal {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	pick := []phase{starting, typing, typing, typing, grading, grading, grading, between, between}
	o := ordeal{seed: seed, home: t.TempDir(), manner: lines, phase: pick[rng.IntN(len(pick))], turn: rng.IntN(len(questions))}
	o.after = time.Duration(rng.Int64N(int64(o.phase.reach())))
	all := manners()
	o.manner = all[rng.IntN(len(all))]
	if rng.IntN(2) == 0 {
		o.model = llmtest.New(t, llmtest.Func(func(r llmtest.Request) llmtest.Reply {
			time.Sleep(100 * time.Millisecond)
			return judgeReply(r)
		}))
	}
	return o
}

// word is a piece of an answer and when it was typed.
type word struct {
	text string
	at   time.Time
}

// victim is an interview that is to be killed, as seen from outside.
type victim struct {
	ordeal
	in     io.Writer
	shown  *watched
	killed time.Time // set before dead is closed
	dead   chan struct{}

	typed     [][]word // by question
	asked     int      // questions that were shown
	submitted int
	graded    int // grades that were shown
}

// attack holds the interview until it is killed, and tells what was seen of it.
func (o ordeal) attack(t *testing.T) *victim {
	t.Helper()
	args := append(slices.Clone(o.manner.args), "--follow-ups", "0")
	for _, q := range questions {
		args = append(args, "--question", q)
	}
	if o.model != nil {
		args = append(args, "--base-url", o.model.URL, "--model", "test-model")
	}
	cmd := viva(t, o.home, args...)
	v := &victim{ordeal: o, dead: make(chan struct{}), typed: make([][]word, len(questions))}
	var out io.Reader
	v.in, out = o.manner.start(t, cmd)
	v.shown = watch(out, v.dead)
	kill := sync.OnceFunc(func() {
		v.killed = time.Now()
		_ = cmd.Process.Kill() // it may have ended
		close(v.dead)
	})
	late := time.AfterFunc(time.Minute, func() {
		t.Errorf("%v: it never came to that", v)
		kill()
	})
	defer late.Stop()
	v.hold(func(p phase, turn int) {
		if p == o.phase && (turn == o.turn || p == starting) {
			time.AfterFunc(o.after, kill)
		}
	})
	<-v.dead
	_ = cmd.Wait() // killed is what it was
	return v
}

// hold types answers as a person would, and says which phase begins. It returns
// when the interview is over or was killed.
func (v *victim) hold(begins func(phase, int)) {
	begins(starting, 0)
	const words, fast, slow = 16, 10 * time.Millisecond, 80 * time.Millisecond
	for turn := range questions {
		if !v.shown.await(v.manner.asks) {
			return
		}
		v.asked++
		begins(typing, turn)
		pause := fast
		if v.phase == typing && v.turn == turn {
			pause = slow // as fast as people type, until it ends
		}
		for n := 0; n < words || pause == slow; n++ {
			w := nextWord(turn, n)
			if _, err := io.WriteString(v.in, w+v.manner.space); err != nil || v.isDead() {
				return
			}
			v.typed[turn] = append(v.typed[turn], word{w, time.Now()})
			time.Sleep(pause)
		}
		if _, err := io.WriteString(v.in, v.manner.submit); err != nil {
			return
		}
		v.submitted++
		begins(grading, turn)
		if !v.shown.await(v.manner.graded) {
			return
		}
		v.graded++
		begins(between, turn)
		if _, err := io.WriteString(v.in, v.manner.next); err != nil {
			return
		}
	}
}

// nextWord is word n of an answer. The first one marks the answer.
func nextWord(turn, n int) string {
	if n == 0 {
		return fmt.Sprintf("answer%d", turn)
	}
	said := strings.Fields("An EBS volume keeps its data when the instance stops, but an instance store loses everything.")
	return said[(n-1)%len(said)]
}

func (v *victim) isDead() bool {
	select {
	case <-v.dead:
		return true
	default:
		return false
	}
}

// watched is what a program shows, read up to a place.
type watched struct {
	mu   sync.Mutex
	text []byte // what was not waited for yet
	more chan struct{}
	dead <-chan struct{}
}

func watch(r io.Reader, dead <-chan struct{}) *watched {
	w := &watched{more: make(chan struct{}, 1), dead: dead}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := r.Read(buf)
			w.mu.Lock()
			w.text = append(w.text, buf[:n]...)
			w.mu.Unlock()
			select {
			case w.more <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	return w
}

// await waits until text is shown, and false means that it never will be.
func (w *watched) await(text string) bool {
	for {
		w.mu.Lock()
		_, rest, found := bytes.Cut(w.text, []byte(text))
		if found {
			w.text = rest
		}
		w.mu.Unlock()
		if found {
			return true
		}
		select {
		case <-w.more:
		case <-w.dead:
			return false
		}
	}
}

// survive puts interviews through ordeals, so many at once.
func survive(t *testing.T, seeds []uint64, atOnce int) {
	t.Helper()
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, seed := range seeds {
		o := drawOrdeal(t, seed)
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			v := o.attack(t)
			v.check(t)
			t.Logf("%v: %d asked, %d submitted, %d graded", v, v.asked, v.submitted, v.graded)
		})
	}
	wg.Wait()
}

func TestAKillAtAnyMomentLosesNoAnswer(t *testing.T) {
	t.Parallel()
	seeds := make([]uint64, 10)
	for i := range seeds {
		seeds[i] = rand.Uint64()
	}
	survive(t, seeds, 2*runtime.NumCPU())
}
