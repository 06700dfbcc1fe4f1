package index

import (
	"context"
	_ "embed" // the built-in bank's vectors
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"github.com/philippgille/chromem-go"

	"viva/content"
	"viva/index/embed"
)

//go:generate go run ./gen

// builtin holds the vectors of every text of the built-in bank, made by ./gen.
//
//go:embed builtin.vec
var builtin []byte

// Options says how an index is opened. The zero value keeps nothing on disk.
type Options struct {
	// Cache is the file that keeps the vectors of banks that are not built in; "" keeps none.
	Cache string
	// Progress is told how many of the missing vectors are made; nil: nobody.
	Progress func(done, total int)
}

// Index holds the passages of a library, ready to be searched. It is safe for
// concurrent use.
//
// Whole entries, which are questions and reference answers, stand in the vector
// store. Wordings (ways of asking, points and how people say them) are short,
// forty to an entry, and scanned as int8 where they lie: putting 12,000 of them
// into the store would add 13 ms to every start, as much as a search takes.
type Index struct {
	encoder   Encoder
	questions []content.Question
	places    map[string]int // question key → its place

	store    *chromem.Collection
	entries  []passage // what the store holds, by number
	wordings []passage

	cut    int // passages longer than the encoder reads
	known  []*Vectors
	mu     sync.Mutex
	recent map[string][]float32 // vectors of texts that are no bank's
}

// passage is one text of a question, by the question's place.
type passage struct {
	owner int
	content.Passage
	row []byte // int8 values of its vector
}

// Open indexes every question of lib. Vectors that neither the program nor the
// cache holds are made with the encoder, which takes a while for a large bank.
// A cache that cannot be written costs time at the next start and is no error.
func Open(ctx context.Context, lib content.Library, enc Encoder, o Options) (*Index, error) {
	ix := &Index{encoder: enc, questions: lib.Questions(), places: map[string]int{}, recent: map[string][]float32{}}
	if v, err := DecodeVectors(builtin, enc.Name()); err == nil {
		ix.known = append(ix.known, v)
	}
	passages := ix.passages()
	if err := ix.complete(ctx, passages, o); err != nil {
		return nil, err
	}
	return ix, ix.fill(ctx, passages)
}

// passages lists every text of the questions, with its vector where it is known.
func (ix *Index) passages() []passage {
	ps := make([]passage, 0, 64*len(ix.questions)) // about as many as a full entry has
	for i, q := range ix.questions {
		ix.places[q.Key()] = i
		for _, p := range q.Passages() {
			ps = append(ps, passage{i, p, ix.row(p.Text)})
		}
	}
	return ps
}

// Step is how many vectors are made between two reports of progress, and
// saveEvery after how many steps they are saved, so that a large bank's indexing
// can be interrupted and goes on at the next start.
const (
	Step      = 32
	saveEvery = 16
)

// complete gives every passage its vector.
func (ix *Index) complete(ctx context.Context, passages []passage, o Options) error {
	if len(unknown(passages)) == 0 {
		return nil
	}
	cache := NewVectors(ix.encoder.Name())
	if o.Cache != "" {
		cache = readVectors(o.Cache, ix.encoder.Name())
	}
	ix.known = append(ix.known, cache)
	ix.lookUp(passages)
	missing := unknown(passages)
	for i := 0; i < len(missing); i += Step {
		part := missing[i:min(i+Step, len(missing))]
		batch, err := ix.encoder.Embed(ctx, part)
		if err != nil {
			return fmt.Errorf("embed bank: %w", err)
		}
		ix.cut += len(batch.Cut)
		for j, text := range part {
			if err := cache.Put(text, batch.Vectors[j]); err != nil {
				return fmt.Errorf("embed bank: %w", err)
			}
		}
		if o.Progress != nil {
			o.Progress(i+len(part), len(missing))
		}
		if last := i+Step >= len(missing); o.Cache != "" && (last || i/Step%saveEvery == saveEvery-1) {
			_ = cache.write(o.Cache) // without it the next start makes them again
		}
	}
	ix.lookUp(passages)
	return nil
}

// lookUp gives those passages their vectors that have none yet.
func (ix *Index) lookUp(passages []passage) {
	for i := range passages {
		if passages[i].row == nil {
			passages[i].row = ix.row(passages[i].Text)
		}
	}
}

// Cut is how many of the passages embedded now were longer than the encoder
// reads; what stands at their end is not found.
func (ix *Index) Cut() int { return ix.cut }

// unknown lists the texts without a vector, each once.
func unknown(passages []passage) []string {
	var missing []string
	seen := map[string]bool{}
	for _, p := range passages {
		if p.row == nil && !seen[p.Text] {
			missing = append(missing, p.Text)
			seen[p.Text] = true
		}
	}
	return missing
}

func (ix *Index) row(text string) []byte {
	for _, v := range ix.known {
		if row := v.row(text); row != nil {
			return row
		}
	}
	return nil
}

func (ix *Index) vector(text string) []float32 {
	for _, v := range ix.known {
		if x := v.Get(text); x != nil {
			return x
		}
	}
	return nil
}

// fill puts the entries into the store and lines the wordings up. The store
// never embeds anything itself: a document without a vector is a bug of ours, so
// its embedder only fails.
func (ix *Index) fill(ctx context.Context, passages []passage) error {
	noEmbedder := func(context.Context, string) ([]float32, error) {
		return nil, fmt.Errorf("an entry reached the store without its vector")
	}
	store, err := chromem.NewDB().CreateCollection("entries", nil, noEmbedder)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	ix.store = store
	var docs []chromem.Document
	ix.wordings = make([]passage, 0, len(passages))
	for _, p := range passages {
		switch p.Kind {
		case content.PassageMistake: // embedded for grading only
		case content.PassageQuestion, content.PassageAnswer:
			docs = append(docs, chromem.Document{ID: strconv.Itoa(len(ix.entries)), Content: p.Text, Embedding: unit(p.row)})
			ix.entries = append(ix.entries, p)
		default:
			ix.wordings = append(ix.wordings, p)
		}
	}
	if len(docs) == 0 {
		return nil
	}
	if err := store.AddDocuments(ctx, docs, runtime.NumCPU()); err != nil {
		return fmt.Errorf("fill store: %w", err)
	}
	return nil
}

// scan gives the cosine of each wording with each of the unit vectors: a row a
// vector.
func (ix *Index) scan(vectors [][]float32) [][]float32 {
	cosines := make([][]float32, len(vectors))
	for i := range cosines {
		cosines[i] = make([]float32, len(ix.wordings))
	}
	if len(ix.wordings) == 0 {
		return cosines
	}
	wording := make([]float32, len(ix.wordings[0].row))
	for j, w := range ix.wordings {
		if norm := expand(wording, w.row); norm > 0 {
			for i, v := range vectors {
				cosines[i][j] = embed.Dot(v, wording) / norm
			}
		}
	}
	return cosines
}

// maxRecent bounds how many vectors of foreign texts are remembered.
const maxRecent = 512

// Embed returns the vectors of texts. Texts of the bank are looked up, the
// others encoded; those of one answer are remembered, since retrieving and
// grading both ask for them.
func (ix *Index) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	places := map[string][]int{} // of each text to be encoded
	var missing []string
	ix.mu.Lock()
	for i, t := range texts {
		if out[i] = ix.recent[t]; out[i] == nil {
			out[i] = ix.vector(t)
		}
		if out[i] != nil {
			continue
		}
		if places[t] == nil {
			missing = append(missing, t)
		}
		places[t] = append(places[t], i)
	}
	ix.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	batch, err := ix.encoder.Embed(ctx, missing)
	if err != nil {
		return nil, err
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if len(ix.recent) > maxRecent {
		clear(ix.recent)
	}
	for j, t := range missing {
		ix.recent[t] = batch.Vectors[j]
		for _, i := range places[t] {
			out[i] = batch.Vectors[j]
		}
	}
	return out, nil
}
