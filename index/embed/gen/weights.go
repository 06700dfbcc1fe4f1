package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

// The part of the model that is used; see weights.go in package embed, which also describes the file.
const (
	magic       = "MiniLM/1"
	dim         = 384
	maxTokens   = 256
	layerCount  = 6
	blockValues = 64
)

// assemble makes the weights file. It must write what package embed reads, in the same order.
func assemble(model tensors, vocabulary []byte) []byte {
	body := slices.Clone(vocabulary)
	body = appendMatrix(body, model["embeddings.word_embeddings.weight"])
	body = appendMatrix(body, positions(model))
	body = appendPair(body, model, "embeddings.LayerNorm", appendVector)
	for i := range layerCount {
		part := func(name string, weight func([]byte, []float32) []byte) {
			body = appendPair(body, model, fmt.Sprintf("encoder.layer.%d.%s", i, name), weight)
		}
		part("attention.self.query", appendMatrix)
		part("attention.self.key", appendMatrix)
		part("attention.self.value", appendMatrix)
		part("attention.output.dense", appendMatrix)
		part("attention.output.LayerNorm", appendVector)
		part("intermediate.dense", appendMatrix)
		part("output.dense", appendMatrix)
		part("output.LayerNorm", appendVector)
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

// appendPair appends the weight, in the way given, and the bias of one part of the model.
func appendPair(file []byte, model tensors, name string, weight func([]byte, []float32) []byte) []byte {
	file = weight(file, model[name+".weight"])
	return appendVector(file, model[name+".bias"])
}

func appendVector(file []byte, values []float32) []byte {
	for _, v := range values {
		file = appendFloat(file, v)
	}
	return file
}

// appendMatrix appends a matrix as int8, in blocks: a scale that takes the block's largest value to ±127,
// then the values.
func appendMatrix(file []byte, values []float32) []byte {
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
