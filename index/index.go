package index

import (
	"context"
	_ "embed" // the built-in bank's vectors and words
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"github.com/philippgille/chromem-go"

	"viva/content"
)

//go:generate go run ./gen

// What ./gen made of the built-in bank: the vectors of all its texts, and its words.
var (
	//go:embed builtin.vec
	builtinVectors []byte
	//go:embed builtin.words
	builtinWords string
)

// Options says how an index is opened. The zero value keeps nothing on disk.
type Options struct {
	// Cache is the file that keeps the vectors of banks that are not built in; "" keeps none.
	Cache string
	// Progress is told how many of the missing vectors are made; nil: nobody.
	Progress func(done, total int)
	// Vectors and Words replace what the program carries of the built-in bank. Only ./gen, which has
	// just made them, sets them.
	Vectors []byte
	Words   string
}

// Index holds the passages of a library, ready to be searched. It is safe for
// concurrent use.
//
// Whole entries, which are questions and reference answers, stand in the vector
// store. Wordings (ways of asking, points and how people say them) are short,
// sixty to an entry, and scanned as int8 where they lie: putting 20,000 of them
// into the store would add 20 ms to every start, more than a search takes.
type Index struct {
	encoder   Encoder
	questions []content.Question
	places    map[string]int // question key → its place
	outside   int            // subjects outside the bank, whose owners follow the questions

	store    *chromem.Collection
	entries  []passage // what the store holds, by number
	wordings []passage
	words    *vocabulary
	ranking  Ranking

	cut    int // passages longer than the encoder reads
	known  []*Vectors
	mu     sync.Mutex
	recent map[string][]float32 // vectors of texts that are no bank's
}

// passage is one text of an owner: a question, by its place, or a subject
// outside the bank.
type passage struct {
	owner int
	content.Passage
	file, row int // where its vector lies: known[file], row; row -1: nowhere yet
}

// Open indexes every question of lib. Vectors that neither the program nor the
// cache holds are made with the encoder, which takes a while for a large bank.
// A cache that cannot be written costs time at the next start and is no error.
func Open(ctx context.Context, lib content.Library, enc Encoder, o Options) (*Index, error) {
	ix := &Index{encoder: enc, questions: lib.Questions(), places: map[string]int{}, recent: map[string][]float32{}}
	fitting := o.Vectors != nil
	if !fitting {
		o.Vectors, o.Words = builtinVectors, builtinWords
	}
	if v, err := DecodeVectors(o.Vectors, enc.Name()); err == nil && v.fits(enc.Width()) {
		ix.known = append(ix.known, v)
	}
	var subjects []content.Subject
	if len(lib) == 1 && lib[0].Name == content.BuiltinName {
		subjects = content.Outside() // of another bank nobody knows what lies outside
	}
	ix.outside = len(subjects)
	passages := ix.passages(subjects)
	if err := ix.complete(ctx, passages, o); err != nil {
		return nil, err
	}
	ix.words = newVocabulary(lib, subjects, o.Words, enc.Knows)
	var err error
	if ix.ranking, err = builtinRanking(); err != nil && !fitting {
		return nil, err
	}
	if err := ix.fill(ctx, passages); err != nil {
		return nil, err
	}
	return ix, nil
}

// passages lists every text of the questions and of the subjects outside the
// bank, with its vector where it is known.
func (ix *Index) passages(subjects []content.Subject) []passage {
	ps := make([]passage, 0, 96*len(ix.questions)) // about as many as a full entry has
	for i, q := range ix.questions {
		ix.places[q.Key()] = i
		for _, p := range q.Passages() {
			ps = append(ps, passage{i, p, 0, -1})
		}
	}
	for i, s := range subjects {
		for _, text := range s.Wordings {
			ps = append(ps, passage{len(ix.questions) + i, content.Passage{Kind: content.PassageSearched, Text: text}, 0, -1})
		}
	}
	ix.lookUp(ps)
	return ps
}

// Step is how many vectors are made between two reports of progress, and
// saveEvery after how many steps they are saved, so that a large bank's indexing
// can be interrupted and goes on at the next start.
const (
	Step      = 32
	saveEvery = 64
)

// complete gives every passage its vector.
func (ix *Index) complete(ctx context.Context, passages []passage, o Options) error {
	if len(unknown(passages)) == 0 {
		return nil
	}
	cache := NewVectors(ix.encoder.Name())
	if o.Cache != "" {
		cache = readVectors(o.Cache, ix.encoder)
	}
	ix.known = append(ix.known, cache)
	ix.lookUp(passages)
	missing := unknown(passages)
	for i := 0; i < len(missing); i += Step {
		part := missing[i:min(i+Step, len(missing))]
		if err := ix.embedPart(ctx, cache, part); err != nil {
			return fmt.Errorf("embed bank: %w", err)
		}
		if o.Progress != nil {
			o.Progress(i+len(part), len(missing))
		}
		if last := i+Step >= len(missing); o.Cache != "" && (last || i/Step%saveEvery == saveEvery-1) {
			_ = cache.write(o.Cache) // without it the next start makes them again
		}
	}
	settled, err := cache.settled()
	if err != nil {
		return fmt.Errorf("embed bank: %w", err)
	}
	ix.known[len(ix.known)-1] = settled
	ix.lookUp(passages)
	return nil
}

func (ix *Index) embedPart(ctx context.Context, cache *Vectors, texts []string) error {
	batch, err := ix.encoder.Embed(ctx, texts)
	if err != nil {
		return err
	}
	ix.cut += len(batch.Cut)
	for i, text := range texts {
		if err := cache.Put(text, batch.Vectors[i]); err != nil {
			return err
		}
	}
	return nil
}

// lookUp finds where the vectors of the passages lie.
func (ix *Index) lookUp(passages []passage) {
	for i := range passages {
		p := &passages[i]
		p.row = -1
		for p.file = range ix.known {
			if p.row = ix.known[p.file].at(p.Text); p.row >= 0 {
				break
			}
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
		if p.row < 0 && !seen[p.Text] {
			missing = append(missing, p.Text)
			seen[p.Text] = true
		}
	}
	return missing
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
			vector := unit(ix.known[p.file].row(p.row))
			docs = append(docs, chromem.Document{ID: strconv.Itoa(len(ix.entries)), Content: p.Text, Embedding: vector})
			ix.entries = append(ix.entries, p)
		default:
			ix.wordings = append(ix.wordings, p)
		}
	}
	if len(docs) == 0 {
		return nil
	}
	if err := errors.Join(store.AddDocuments(ctx, docs, runtime.NumCPU()), ctx.Err()); err != nil { // it stops without one
		return fmt.Errorf("fill store: %w", err)
	}
	return nil
}

// scan gives the cosine of each wording with a unit vector.
func (ix *Index) scan(vector []float32) []float32 {
	all := make([][]float32, len(ix.known))
	for i, v := range ix.known {
		all[i] = v.cosines(vector)
	}
	cosines := make([]float32, len(ix.wordings))
	for i, w := range ix.wordings {
		cosines[i] = all[w.file][w.row]
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
	if len(ix.recent)+len(missing) > maxRecent {
		clear(ix.recent)
	}
	for j, t := range missing {
		if j < maxRecent {
			ix.recent[t] = batch.Vectors[j]
		}
		for _, i := range places[t] {
			out[i] = batch.Vectors[j]
		}
	}
	return out, nil
}
