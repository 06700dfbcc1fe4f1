package boost

import (
	"encoding/binary"
	"errors"
	"math"
)

// ErrDamaged reports bytes that are no forest.
var ErrDamaged = errors.New("the forest is damaged")

// The form is the base and the number of trees, then of each tree the number of
// nodes and the nodes, all little endian.
const nodeSize = 2 + 2 + 2 + 4 + 4

// AppendBinary appends f in its stored form; the error is always nil.
func (f Forest) AppendBinary(b []byte) ([]byte, error) {
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f.Base))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Trees)))
	for _, t := range f.Trees {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(t)))
		for _, n := range t {
			b = binary.LittleEndian.AppendUint16(b, uint16(n.Feature))
			b = binary.LittleEndian.AppendUint16(b, n.Left)
			b = binary.LittleEndian.AppendUint16(b, n.Right)
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n.Threshold))
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n.Value))
		}
	}
	return b, nil
}

// Decode reads a forest over rows of so many features from the head of b, and
// returns what follows it. A forest that it returns never reads outside a row,
// and every walk through it ends.
func Decode(b []byte, features int) (f Forest, rest []byte, err error) {
	if len(b) < 12 {
		return f, nil, ErrDamaged
	}
	f.Base = math.Float64frombits(binary.LittleEndian.Uint64(b))
	trees := int(binary.LittleEndian.Uint32(b[8:]))
	b = b[12:]
	if trees > len(b)/(2+nodeSize) {
		return f, nil, ErrDamaged
	}
	f.Trees = make([]Tree, trees)
	for i := range f.Trees {
		if len(b) < 2 {
			return f, nil, ErrDamaged
		}
		nodes := int(binary.LittleEndian.Uint16(b))
		b = b[2:]
		if nodes == 0 || nodes*nodeSize > len(b) {
			return f, nil, ErrDamaged
		}
		f.Trees[i] = make(Tree, nodes)
		for j := range f.Trees[i] {
			n := decodeNode(b[j*nodeSize:])
			if !n.sound(j, nodes, features) {
				return f, nil, ErrDamaged
			}
			f.Trees[i][j] = n
		}
		b = b[nodes*nodeSize:]
	}
	return f, b, nil
}

func decodeNode(b []byte) Node {
	return Node{
		Feature:   int16(binary.LittleEndian.Uint16(b)),
		Left:      binary.LittleEndian.Uint16(b[2:]),
		Right:     binary.LittleEndian.Uint16(b[4:]),
		Threshold: math.Float32frombits(binary.LittleEndian.Uint32(b[6:])),
		Value:     math.Float32frombits(binary.LittleEndian.Uint32(b[10:])),
	}
}

// sound reports whether node number j reads a feature there is and leads on only.
func (n Node) sound(j, nodes, features int) bool {
	leads := func(to uint16) bool { return int(to) > j && int(to) < nodes }
	return n.Feature < 0 || int(n.Feature) < features && leads(n.Left) && leads(n.Right)
}
