//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

//go:generate go run ./gen

// Levels gives the levels that this processor has, the fastest first.
func Levels() []Level {
	x := &cpu.X86
	switch {
	case x.HasAVX512F && x.HasAVX512BW && x.HasAVX2 && x.HasFMA:
		return []Level{avx512, avx2, portable}
	case x.HasAVX2 && x.HasFMA:
		return []Level{avx2, portable}
	}
	return []Level{portable}
}

func multiply(l Level, p *Product) {
	switch {
	case l == avx512 && p.packed != nil:
		packedAVX512(p)
	case l == avx512:
		floatsAVX512(p)
	case l == avx2 && p.packed != nil:
		packedAVX2(p)
	case l == avx2:
		floatsAVX2(p)
	default:
		floatsGo(p)
	}
}

func expand(l Level, p *Product) {
	switch l {
	case avx512:
		expandAVX512(p)
	case avx2:
		expandAVX2(p)
	default:
		expandGo(p)
	}
}

func gelu(l Level, x []float32) {
	switch l {
	case avx512:
		geluAVX512(&x[0], len(x))
	case avx2:
		geluAVX2(&x[0], len(x))
	default:
		geluGo(x)
	}
}

func softmax(l Level, rows []float32, width int, scale float32) {
	switch l {
	case avx512:
		softmaxAVX512(&rows[0], len(rows)/width, width, scale)
	case avx2:
		softmaxAVX2(&rows[0], len(rows)/width, width, scale)
	default:
		softmaxGo(rows, width, scale)
	}
}

func addNorm(l Level, n *normalisation) {
	switch l {
	case avx512:
		addNormAVX512(n)
	case avx2:
		addNormAVX2(n)
	default:
		addNormGo(n)
	}
}

func dot(l Level, a, b []float32) float32 {
	switch l {
	case avx512:
		return dotAVX512(&a[0], &b[0], len(a))
	case avx2:
		return dotAVX2(&a[0], &b[0], len(a))
	}
	return dotGo(a, b)
}

func scanRows(l Level, s *scan) {
	switch l {
	case avx512:
		scanAVX512(s)
	case avx2:
		scanAVX2(s)
	default:
		scanGo(s)
	}
}
