package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoder reads one bank file. It walks the YAML nodes itself, since a fault
// must name its line and what would be right there, and goes on after a fault
// so that one run shows them all.
type decoder struct {
	file   string
	faults Faults
}

// file as it stands on disk: a topic with its questions.
type fileBank struct {
	topic     Topic
	questions []Question
}

func decodeFile(name string, data []byte) (fileBank, Faults) {
	d := &decoder{file: name}
	var b fileBank
	root := d.parse(data)
	if root != nil && root.Kind != yaml.MappingNode {
		d.fault(root.Line, "a bank file should be a mapping: begin it with questions: and put the list under it")
		root = nil
	}
	if root == nil {
		return b, d.faults
	}
	seen := d.mapping(root, "a bank file", fields{
		"topic": d.text(&b.topic.ID),
		"title": d.text(&b.topic.Title),
		"questions": d.list(func(n *yaml.Node) {
			b.questions = append(b.questions, d.question(n))
		}),
	})
	if !seen["questions"] && len(d.faults) == 0 {
		d.fault(root.Line, "no questions: a bank file needs a list under questions:")
	}
	if b.topic.Title == "" {
		b.topic.Title = b.topic.ID
	}
	for i := range b.questions {
		if b.questions[i].Topic == "" {
			b.questions[i].Topic = b.topic.ID
		}
	}
	return b, d.faults
}

// parse returns the document's root mapping, or nil after a fault.
func (d *decoder) parse(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		d.fault(1, "the file is empty: a bank file needs a list under questions:")
		return nil
	case err != nil:
		line, what := yamlFault(err)
		d.fault(line, "not YAML: %s", what)
		return nil
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		d.fault(doc.Line, "more than one YAML document: a bank file holds one")
		return nil
	}
	return doc.Content[0]
}

// yamlFault splits the reader's error into its line and what is wrong. What the
// scanner could not finish is wrong where it began, anything else where it is met.
func yamlFault(err error) (line int, what string) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return 1, err.Error()
	}
	line = load.Mark.Line
	if load.Stage == yaml.ScannerStage && load.ContextMark.Line > 0 {
		line = load.ContextMark.Line
	}
	return max(line, 1), load.Message
}

func (d *decoder) fault(line int, format string, args ...any) {
	d.faults = append(d.faults, Fault{Pos{d.file, line}, fmt.Sprintf(format, args...)})
}

func (d *decoder) pos(n *yaml.Node) Pos { return Pos{d.file, n.Line} }

type fields map[string]func(*yaml.Node)

// mapping hands each value to its field and returns the keys that were there.
func (d *decoder) mapping(n *yaml.Node, what string, fs fields) map[string]bool {
	seen := map[string]bool{}
	if n.Kind != yaml.MappingNode {
		d.fault(n.Line, "%s should be a mapping of keys to values", what)
		return seen
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, known := fs[key.Value]
		switch {
		case !known:
			d.fault(key.Line, "unknown key %q in %s: it knows %s", key.Value, what, knownKeys(fs))
		case seen[key.Value]:
			d.fault(key.Line, "key %q stands twice in %s", key.Value, what)
		case value.Kind == yaml.AliasNode:
			d.fault(value.Line, "%s is an alias: write its value out", key.Value)
		default:
			read(value)
		}
		seen[key.Value] = true
	}
	return seen
}

func knownKeys(fs fields) string {
	keys := make([]string, 0, len(fs))
	for k := range fs {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}

// text reads a scalar into dst, without the blanks around it.
func (d *decoder) text(dst *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			d.fault(n.Line, "a list or mapping stands where a text should")
			*dst = "?" // so that it is not called missing as well
			return
		}
		if n.Tag == "!!null" {
			return
		}
		*dst = strings.TrimSpace(Printable(n.Value))
	}
}

func (d *decoder) texts(dst *[]string) func(*yaml.Node) {
	return d.list(func(n *yaml.Node) {
		var s string
		d.text(&s)(n)
		if s == "" {
			d.fault(n.Line, "an empty text in a list: remove it or fill it in")
			return
		}
		*dst = append(*dst, s)
	})
}

func (d *decoder) list(item func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Tag == "!!null" {
			return
		}
		if n.Kind != yaml.SequenceNode {
			d.fault(n.Line, "a single value stands where a list should: begin each item with \"- \"")
			return
		}
		for _, c := range n.Content {
			item(c)
		}
	}
}

// integer reads a whole number from min to max into dst.
func (d *decoder) integer(dst *int, key string, min, max int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode || v < min || v > max {
			d.fault(n.Line, "%s is %q: it should be a whole number from %d to %d", key, n.Value, min, max)
			*dst = min // so that it is not called missing as well
			return
		}
		*dst = v
	}
}

func (d *decoder) boolean(dst *bool, key string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Tag != "!!bool" || n.Decode(dst) != nil {
			d.fault(n.Line, "%s is %q: it should be true or false", key, n.Value)
		}
	}
}

// oneOf reads a scalar that must be one of the allowed values.
func oneOf[T ~string](d *decoder, dst *T, key string, allowed []T) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if v := T(n.Value); n.Kind == yaml.ScalarNode && slices.Contains(allowed, v) {
			*dst = v
			return
		}
		d.fault(n.Line, "%s is %q: it should be one of %s", key, n.Value, joinWords(allowed))
	}
}

func joinWords[T ~string](words []T) string {
	s := make([]string, len(words))
	for i, w := range words {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}

func (d *decoder) question(n *yaml.Node) Question {
	q := Question{Pos: d.pos(n)}
	d.mapping(n, "a question", fields{
		"id":          d.text(&q.ID),
		"number":      d.integer(&q.Number, "number", 1, 100_000),
		"day":         d.integer(&q.Day, "day", 1, 1000),
		"topic":       d.text(&q.Topic),
		"level":       oneOf(d, &q.Level, "level", Levels),
		"kind":        oneOf(d, &q.Kind, "kind", Kinds),
		"question":    d.text(&q.Text),
		"asked_as":    d.texts(&q.AskedAs),
		"searched_as": d.texts(&q.Searched),
		"rephrased":   d.texts(&q.Rephrased),
		"answer":      d.text(&q.Answer),
		"points":      d.list(func(n *yaml.Node) { q.Points = append(q.Points, d.point(n)) }),
		"mistakes":    d.list(func(n *yaml.Node) { q.Mistakes = append(q.Mistakes, d.mistake(n)) }),
		"follow_ups": d.list(func(n *yaml.Node) {
			f := FollowUp{Pos: d.pos(n)}
			d.mapping(n, "a follow-up", fields{"point": d.text(&f.Point), "ask": d.text(&f.Ask)})
			q.FollowUps = append(q.FollowUps, f)
		}),
		"related": d.texts(&q.Related),
		"as_of":   d.text(&q.AsOf),
		"source":  d.text(&q.Source),
		"origin":  func(n *yaml.Node) { q.Origin = d.origin(n) },
		"drafted": d.boolean(&q.Drafted, "drafted"),
		"lint_ok": d.list(func(n *yaml.Node) {
			ok := LintOK{Pos: d.pos(n)}
			d.mapping(n, "a lint_ok", fields{"rule": oneOf(d, &ok.Rule, "rule", Rules), "about": d.text(&ok.About), "reason": d.text(&ok.Reason)})
			q.LintOK = append(q.LintOK, ok)
		}),
	})
	return q
}

func (d *decoder) point(n *yaml.Node) Point {
	p := Point{Pos: d.pos(n)}
	d.mapping(n, "a point", fields{
		"id":     d.text(&p.ID),
		"text":   d.text(&p.Text),
		"weight": d.integer(&p.Weight, "weight", 1, 3),
		"say":    d.texts(&p.Say),
	})
	return p
}

func (d *decoder) mistake(n *yaml.Node) Mistake {
	m := Mistake{Pos: d.pos(n)}
	d.mapping(n, "a mistake", fields{
		"claim": d.text(&m.Claim),
		"say":   d.texts(&m.Say),
		"fix":   d.text(&m.Fix),
	})
	return m
}

func (d *decoder) origin(n *yaml.Node) *Origin {
	var o Origin
	d.mapping(n, "an origin", fields{
		"file": d.text(&o.File),
		"line": d.integer(&o.Line, "line", 0, 1<<31-1),
		"hash": d.text(&o.Hash),
	})
	return &o
}
