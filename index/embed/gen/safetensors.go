package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
)

// tensors holds the values of a model's parts by name, matrices row by row.
type tensors map[string][]float32

// parse reads a safetensors file: the length of a JSON header in 8 bytes, the header, the values.
// What is not float32 it leaves out.
func parse(file []byte) (tensors, error) {
	length := binary.LittleEndian.Uint64(file)
	header, data := file[8:8+length], file[8+length:]

	var entries map[string]json.RawMessage
	if err := json.Unmarshal(header, &entries); err != nil {
		return nil, fmt.Errorf("read safetensors header: %w", err)
	}
	delete(entries, "__metadata__")
	model := make(tensors)
	for name, raw := range entries {
		var entry struct {
			Type    string `json:"dtype"`
			Offsets [2]int `json:"data_offsets"`
		}
		if err := json.Unmarshal(raw, &entry); err != nil {
			return nil, fmt.Errorf("read safetensors entry %s: %w", name, err)
		}
		if entry.Type == "F32" {
			model[name] = floats(data[entry.Offsets[0]:entry.Offsets[1]])
		}
	}
	return model, nil
}

func floats(raw []byte) []float32 {
	values := make([]float32, len(raw)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return values
}
