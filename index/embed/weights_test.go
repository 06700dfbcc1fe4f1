package embed

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"
)

func TestNameHoldsTheSumOfTheWeights(t *testing.T) {
	sum := fmt.Sprintf("%x", sha256.Sum256(minilm[headerSize:]))
	if name, want := encoder(t).Name(), "all-MiniLM-L6-v2 int8 "+sum[:12]; name != want {
		t.Errorf("Name() = %q, want %q", name, want)
	}
}

func TestADamagedFileIsRefused(t *testing.T) {
	for _, size := range []int{0, 1, len(magic), headerSize - 1, headerSize, headerSize + 1000, 1 << 20, len(minilm) - 1} {
		if _, err := open(minilm[:size], best); err == nil {
			t.Errorf("open on the first %d bytes: no error", size)
		}
	}
	if _, err := open(append(bytes.Clone(minilm), 0), best); err == nil {
		t.Error("open on a byte too many: no error")
	}
	file := bytes.Clone(minilm)
	for i := range headerSize {
		file[i] ^= 0x10
		if _, err := open(file, best); err == nil {
			t.Errorf("open with byte %d flipped: no error", i)
		}
		file[i] ^= 0x10
	}
	if _, err := open(file, best); err != nil {
		t.Errorf("open on the whole file: %v", err)
	}
}
