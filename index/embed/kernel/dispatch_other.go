//go:build !amd64 || purego

package kernel

// Levels gives the levels that this processor has: only one, for want of assembly.
func Levels() []Level { return []Level{portable} }

func multiply(_ Level, p *Product)        { floatsGo(p) }
func expand(_ Level, p *Product)          { expandGo(p) }
func gelu(_ Level, x []float32)           { geluGo(x) }
func addNorm(_ Level, n *normalisation)   { addNormGo(n) }
func dot(_ Level, a, b []float32) float32 { return dotGo(a, b) }
func scanRows(_ Level, s *scan)           { scanGo(s) }
func softmax(_ Level, x []float32, width int, scale float32) {
	softmaxGo(x, width, scale)
}
