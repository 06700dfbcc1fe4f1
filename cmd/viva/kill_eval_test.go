//go:build eval

package main

import (
	"runtime"
	"testing"
)

func TestEvalTwoHundredKillsLoseNoAnswer(t *testing.T) {
	t.Parallel()
	seeds := make([]uint64, 200)
	for i := range seeds {
		seeds[i] = uint64(i)
	}
	survive(t, seeds, 3*runtime.NumCPU())
}
