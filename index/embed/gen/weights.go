package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"

	"viva/index/embed/kernel"
)

// The part of the model that is used; see weights.go in package embed, which also describes the file.
const (
	magic       = "MiniLM/2"
	dim         = 384
	maxTokens   = 256
	layerCount  = 6
	blockValues = 64
)

// assemble makes the weights file. It must write what package embed reads, in the same order.
func assemble(model tensors, vocabulary []byte) []byte {
	body := slices.Clone(vocabulary)
	body = appendTable(body, model["embeddings.word_embeddings.weight"])
	body = appendTable(body, positions(model))
	body = appendNorm(body, model, "embeddings.LayerNorm")
	for i := range layerCount {
		name := fmt.Sprintf("encoder.layer.%d.", i)
		self := name + "attention.self."
		body = appendLinear(body, model, self+"query", self+"key", self+"value")
		body = appendLinear(body, model, name+"attention.output.dense")
		body = appendNorm(body, model, name+"attention.output.LayerNorm")
		body = appendLinear(body, model, name+"intermediate.dense")
		body = appendLinear(body, model, name+"output.dense")
		body = appendNorm(body, model, name+"output.LayerNorm")
	}

	sum := sha256.Sum256(body)
	file := []byte(magic)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(vocabulary)))
	file = append(file, sum[:]...)
	file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file))
	return append(file, body...)
}

// positions gives the rows for the places in a text, as far as it is read. The row that marks a first
// sentence, which every token gets too, is added here once and for all.
func positions(model tensors) []float32 {
	rows := slices.Clone(model["embeddings.position_embeddings.weight"][:maxTokens*dim])
	first := model["embeddings.token_type_embeddings.weight"][:dim]
	for i := range rows {
		rows[i] += first[i%dim]
	}
	return rows
}

// appendNorm appends the gain and the bias of one layer norm.
func appendNorm(file []byte, model tensors, name string) []byte {
	return appendVector(appendVector(file, model[name+".weight"]), model[name+".bias"])
}

// appendLinear appends the weights, in the order of the kernel, and then the bias of one linear map. Of
// several names it makes one map, which has the outputs of all.
func appendLinear(file []byte, model tensors, names ...string) []byte {
	var rows []byte
	var bias []float32
	inputs := 0
	for _, name := range names {
		weight := model[name+".weight"]
		rows = appendTable(rows, weight)
		bias = append(bias, model[name+".bias"]...)
		inputs = len(weight) / len(model[name+".bias"])
	}
	return appendVector(append(file, kernel.Pack(rows, inputs)...), bias)
}

func appendVector(file []byte, values []float32) []byte {
	for _, v := range values {
		file = appendFloat(file, v)
	}
	return file
}

// appendTable appends rows as int8, in blocks: a scale that takes the block's largest value to ±127, then
// the values.
func appendTable(file []byte, values []float32) []byte {
	for block := range slices.Chunk(values, blockValues) { // rows are whole blocks
		scale := max(slices.Max(block), -slices.Min(block)) / 127
		file = appendFloat(file, scale)
		for _, v := range block {
			file = append(file, byte(int8(math.RoundToEven(float64(v)/float64(scale)))))
		}
	}
	return file
}

func appendFloat(file []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(file, math.Float32bits(v))
}
