package prompts

import (
	"slices"
	"strings"
	"testing"
)

var kinds = []LineKind{LineRight, LineHalf, LineMissed, LineUnknown, LineSkipped, LineOnward, LineAsking, LineBridge, LineStay, LineLast, LineUnclear}

func TestEveryLineIsSaidOnceBeforeOneComesAgain(t *testing.T) {
	t.Parallel()
	all, err := lines()
	if err != nil {
		t.Fatal(err)
	}
	in := LineInput{Quote: "boots a container", Topic: "AWS Lambda"}
	total := 0
	for _, kind := range kinds {
		var used []string
		texts := map[string]bool{}
		for range all[kind] {
			l, err := Say(kind, in, used, 7)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(used, l.ID) || texts[l.Text] {
				t.Errorf("%s came again before all were used: %q", l.ID, l.Text)
			}
			used = append(used, l.ID)
			texts[l.Text] = true
		}
		total += len(used)
		again, err := Say(kind, in, used, 7)
		if err != nil || again.ID != used[0] {
			t.Errorf("after all: %q, %v, want %q, which was said longest ago", again.ID, err, used[0])
		}
	}
	for kind := range all {
		if !slices.Contains(kinds, kind) {
			t.Errorf("lines of an unknown kind %q", kind)
		}
	}
	if total < 40 {
		t.Errorf("%d lines, want 40 or more", total)
	}
}

func TestLinesNameWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	all, err := lines()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		for i := range all[kind] {
			l, err := Say(kind, LineInput{Quote: "boots a container", Topic: "AWS Lambda"}, nil, uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			quotes := slices.Contains([]LineKind{LineRight, LineHalf, LineOnward}, kind)
			topic := slices.Contains([]LineKind{LineBridge, LineStay}, kind)
			if strings.Contains(l.Text, "“boots a container”") != quotes || strings.Contains(l.Text, "AWS Lambda") != topic {
				t.Errorf("%s: %q", l.ID, l.Text)
			}
			if strings.ContainsAny(l.Text, "!\n") || len(l.Text) > 120 {
				t.Errorf("%s is loud or long: %q", l.ID, l.Text)
			}
		}
	}
}

func TestTheSeedChoosesTheLine(t *testing.T) {
	t.Parallel()
	say := func(seed uint64) string {
		l, err := Say(LineBridge, LineInput{Topic: "x"}, nil, seed)
		if err != nil {
			t.Fatal(err)
		}
		return l.ID
	}
	first, again, other := say(3), say(3), say(4)
	if first != again || first == other {
		t.Errorf("seeds 3, 3, 4 gave %s, %s, %s", first, again, other)
	}
	if _, err := Say("shouting", LineInput{}, nil, 0); err == nil {
		t.Error("a line of an unknown kind was said")
	}
}
