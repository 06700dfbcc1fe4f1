package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheGeneratedFilesAreOfThisGenerator(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what gen writes: run go generate ./index/embed/kernel", name)
		}
	}
}
