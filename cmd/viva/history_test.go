package main

import (
	"slices"
	"testing"
)

func TestATrendIsDrawnWithItsFirstAndLastScore(t *testing.T) {
	t.Parallel()
	many := make([]int, 40)
	for i := range many {
		many[i] = i
	}
	for _, test := range []struct {
		scores  []int
		numbers bool
		want    string
	}{
		{[]int{0, 13, 25, 38, 50, 63, 75, 88, 100}, false, "▁▂▃▄▅▆▇██  0 → 100"},
		{[]int{55, 70, 82}, true, "55 → 70 → 82"},
		{many[:8], true, "0 → 1 → 2 → 3 → 4 → 5 → 6 → 7"},
		{many[:9], true, "0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8"},
		{many, true, "0 → … → 32 → 33 → 34 → 35 → 36 → 37 → 38 → 39"},
		{many, false, "…▁▁▁▂▂▂▂▂▂▂▂▂▂▂▂▃▃▃▃▃▃▃▃▃▃▃▃▃▄▄  0 → 39"},
	} {
		before := slices.Clone(test.scores)
		if got := trendLine(test.scores, test.numbers); got != test.want || !slices.Equal(test.scores, before) {
			t.Errorf("trendLine(%v, %v) = %q, want %q", test.scores, test.numbers, got, test.want)
		}
	}
}
