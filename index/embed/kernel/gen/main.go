// Command gen writes the assembly of package kernel, for AVX2 with FMA and for AVX-512, and the Go
// declarations of its functions. go generate runs it in that package's folder.
package main

import (
	"fmt"
	"os"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// The files it writes, in the folder it is run from.
const (
	assembly     = "kernel_amd64.s"
	declarations = "stubs_amd64.go"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	files, err := generate()
	if err != nil {
		return err
	}
	// Both are written only now: the declarations are part of the package that generate reads.
	for name, text := range files {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate gives the files by name.
func generate() (map[string][]byte, error) {
	c := build.NewContext()
	c.Package("viva/index/embed/kernel")
	c.ConstraintExpr("!purego")
	constants := map[float32]operand.Mem{}
	for _, l := range []*level{
		{Context: c, name: "AVX2", lanes: 8, height: 6, vector: c.YMM, constants: constants},
		{Context: c, name: "AVX512", lanes: 16, height: 12, vector: c.ZMM, constants: constants},
	} {
		l.products()
		l.expand()
		l.gelu()
		l.softmax()
		l.addNorm()
		l.dot()
		l.scan()
	}
	file, err := c.Result()
	if err != nil {
		return nil, err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return nil, err
	}
	config := printer.Config{Name: "gen", Argv: []string{"gen"}, Pkg: "kernel"}
	files := map[string][]byte{}
	for name, p := range map[string]printer.Printer{assembly: printer.NewGoAsm(config), declarations: printer.NewStubs(config)} {
		if files[name], err = p.Print(file); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// level emits the functions of one instruction set.
type level struct {
	*build.Context
	name      string
	lanes     int // float32 values in a vector
	height    int // most rows of a tile
	vector    func() reg.VecVirtual
	constants map[float32]operand.Mem
	labels    int
}

// start begins a function that uses no stack.
func (l *level) start(name, doc, signature string) {
	l.Function(name + l.name)
	l.Doc(name + l.name + " " + doc)
	l.Pragma("noescape")
	l.Attributes(nosplit)
	l.SignatureExpr(signature)
}

// finish ends it, and lets the SSE instructions of other code run at full speed.
func (l *level) finish() {
	l.VZEROUPPER()
	l.RET()
}

// label makes a name that is new in the function.
func (l *level) label(name string) string {
	l.labels++
	return fmt.Sprintf("%s%d", name, l.labels)
}

// loop emits body, which is to run count times and at least once. It uses count up.
func (l *level) loop(count reg.Register, body func()) {
	top := l.label("loop")
	l.Label(top)
	body()
	l.DECQ(count)
	l.JNZ(operand.LabelRef(top))
}

// field loads a field of what the parameter p points to.
func (l *level) field(name string) reg.GPVirtual {
	r := l.GP64()
	l.Load(l.Dereference(l.Param("p")).Field(name), r)
	return r
}

// slice loads where a slice begins that p has in a field.
func (l *level) slice(name string) reg.GPVirtual {
	r := l.GP64()
	l.Load(l.Dereference(l.Param("p")).Field(name).Base(), r)
	return r
}

// constant gives the place of a vector whose lanes all hold v.
func (l *level) constant(v float32) operand.Mem {
	if m, ok := l.constants[v]; ok {
		return m
	}
	m := l.StaticGlobal(fmt.Sprintf("constant%d", len(l.constants)))
	l.DataAttributes(constantData)
	for range 16 {
		l.AppendDatum(operand.F32(v))
	}
	l.constants[v] = m
	return m
}

// load gives a vector read from m.
func (l *level) load(m operand.Mem) reg.VecVirtual {
	v := l.vector()
	l.VMOVUPS(m, v)
	return v
}

// zero gives a vector of zeros.
func (l *level) zero() reg.VecVirtual {
	v := l.vector()
	if l.lanes == 16 {
		l.VPXORD(v, v, v)
	} else {
		l.VXORPS(v, v, v)
	}
	return v
}

// bytes is how long a vector is.
func (l *level) bytes() int { return 4 * l.lanes }

// at is the memory some bytes after where r points.
func at(r reg.Register, bytes int) operand.Mem {
	return operand.Mem{Base: r, Disp: bytes}
}
