package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/index/embed"
)

// bag is a deterministic encoder: a text is the set of its words.
type bag struct {
	name  string
	calls *atomic.Int64
}

func newBag(name string) bag { return bag{name, new(atomic.Int64)} }

func (b bag) Name() string { return b.name }

func (bag) Knows(string) bool { return true }

func (bag) Width() int { return 64 }

func (b bag) Embed(_ context.Context, texts []string) (embed.Batch, error) {
	b.calls.Add(int64(len(texts)))
	var batch embed.Batch
	for _, t := range texts {
		v := make([]float32, 64)
		for _, w := range strings.Fields(strings.ToLower(strings.Trim(t, "?. "))) {
			h := uint32(2166136261)
			for _, c := range []byte(w) {
				h = (h ^ uint32(c)) * 16777619
			}
			v[h%64]++
		}
		sum := 0.0
		for _, x := range v {
			sum += float64(x * x)
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(max(sum, 1e-9)))
		}
		v[0] += 1e-6
		batch.Vectors = append(batch.Vectors, v)
	}
	return batch, nil
}

func fruits() content.Library {
	q := func(id, text string) content.Question {
		return content.Question{Bank: "mine", ID: id, Topic: id, Text: text, Answer: text + " indeed"}
	}
	return content.Library{{Name: "mine", Questions: []content.Question{
		q("apple", "red apple tree"), q("pear", "green pear tree"), q("fig", "purple fig bush"), q("twin", "red apple tree"),
	}}}
}

func open(t *testing.T, o Options) *Index {
	t.Helper()
	ix, err := Open(t.Context(), fruits(), newBag("bag"), o)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func ids(r Results) []string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.Question.ID)
	}
	return out
}

func TestSearchPutsTheNearestFirstAndTiesInOrder(t *testing.T) {
	t.Parallel()
	ix := open(t, Options{})
	for range 20 { // equal similarities come back from the store in random order
		r, err := ix.Search(t.Context(), "red apple tree", 2, content.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"apple", "twin"}, ids(r)); diff != "" {
			t.Fatalf("hits (-want +got):\n%s", diff)
		}
	}
}

func TestSearchGivesAsManyAsThereAre(t *testing.T) {
	t.Parallel()
	ix := open(t, Options{})
	for limit, want := range map[int]int{1: 1, 4: 4, 99: 4, 0: 0, -1: 0} {
		r, err := ix.Search(t.Context(), "fig", limit, content.Filter{})
		if err != nil || len(r.Hits) != want {
			t.Errorf("limit %d: %d hits, %v, want %d", limit, len(r.Hits), err, want)
		}
	}
	r, err := ix.Search(t.Context(), "apple", 9, content.Filter{Topics: []string{"fig"}})
	if err != nil || len(r.Hits) != 1 || r.Hits[0].Question.ID != "fig" {
		t.Errorf("filtered: %v, %v, want fig alone", ids(r), err)
	}
}

func TestSearchScoresFallFromOneToZero(t *testing.T) {
	t.Parallel()
	r, err := open(t, Options{}).Search(t.Context(), "green pear tree", 4, content.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	last := 1.0
	for _, h := range r.Hits {
		if h.Score < 0 || h.Score > last || math.IsNaN(h.Score) {
			t.Errorf("%s scores %v after %v", h.Question.ID, h.Score, last)
		}
		last = h.Score
	}
	if !r.Found {
		t.Error("the question's own words found nothing")
	}
}

func TestSearchRefusesWhatHoldsNoQuery(t *testing.T) {
	t.Parallel()
	ix := open(t, Options{})
	for query, want := range map[string]error{
		"":                              ErrEmptyQuery,
		" \t\n":                         ErrEmptyQuery,
		"?!… --":                        nil, // … is no ASCII and may be a letter to somebody
		"?! --":                         ErrEmptyQuery,
		strings.Repeat("apple ", 20000): ErrLongQuery,
		"りんご":                           nil,
	} {
		if _, err := ix.Search(t.Context(), query, 1, content.Filter{}); !errors.Is(err, want) {
			t.Errorf("Search(%.20q): %v, want %v", query, err, want)
		}
	}
}

func TestOpenAnEmptyLibrary(t *testing.T) {
	t.Parallel()
	ix, err := Open(t.Context(), nil, newBag("bag"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := ix.Search(t.Context(), "apple", 5, content.Filter{}); err != nil || r.Found || len(r.Hits) != 0 {
		t.Errorf("search in nothing: %+v, %v", r, err)
	}
}

func TestTheCacheSavesEmbedding(t *testing.T) {
	t.Parallel()
	cache := filepath.Join(t.TempDir(), "sub", "passages.vec")
	count := func(name string) int64 {
		b := newBag(name)
		if _, err := Open(t.Context(), fruits(), b, Options{Cache: cache}); err != nil {
			t.Fatal(err)
		}
		return b.calls.Load()
	}
	if first, second := count("bag"), count("bag"); first == 0 || second != 0 {
		t.Errorf("embedded %d texts, then %d, want some, then none", first, second)
	}
	if other := count("another model"); other == 0 {
		t.Error("vectors of another model were taken for this one's")
	}
	for name, damage := range map[string][]byte{"cut short": []byte(`{"format":1`), "empty": nil, "foreign": []byte("PK\x03\x04\n")} {
		if err := os.WriteFile(cache, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if n := count("bag"); n == 0 {
			t.Errorf("a cache %s was believed", name)
		}
	}
}

func TestACacheThatCannotBeWrittenIsNoError(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), fruits(), newBag("bag"), Options{Cache: filepath.Join(file, "passages.vec")})
	if err != nil {
		t.Errorf("Open with a cache below a file: %v", err)
	}
}

// crashing is a bag that fails once it has embedded so many texts.
type crashing struct {
	bag
	after int64
}

var errCrash = errors.New("the machine went down")

func (c crashing) Embed(ctx context.Context, texts []string) (embed.Batch, error) {
	if c.calls.Load() >= c.after {
		return embed.Batch{}, errCrash
	}
	return c.bag.Embed(ctx, texts)
}

// narrow is a bag whose vectors are half as wide.
type narrow struct{ bag }

func (narrow) Width() int { return 32 }

func (n narrow) Embed(ctx context.Context, texts []string) (embed.Batch, error) {
	b, err := n.bag.Embed(ctx, texts)
	for i := range b.Vectors {
		b.Vectors[i] = b.Vectors[i][:32]
		b.Vectors[i][0] += 1
	}
	return b, err
}

func TestACacheOfAnotherWidthIsMadeAgain(t *testing.T) {
	t.Parallel()
	o := Options{Cache: filepath.Join(t.TempDir(), "passages.vec")}
	for _, enc := range []Encoder{newBag("bag"), narrow{newBag("bag")}, newBag("bag")} {
		ix, err := Open(t.Context(), fruits(), enc, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ix.Search(t.Context(), "red apple", 2, content.Filter{}); err != nil {
			t.Errorf("search with vectors of %d: %v", enc.Width(), err)
		}
	}
}

func TestWhatIsCancelledSaysSo(t *testing.T) {
	t.Parallel()
	ix := open(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := ix.Search(ctx, "red apple tree", 2, content.Filter{}); !errors.Is(err, context.Canceled) { // a text whose vector is known
		t.Errorf("search: %v, %v, want that it was cancelled", ids(r), err)
	}
	if _, err := Open(ctx, fruits(), newBag("bag"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v, want that it was cancelled", err)
	}
}

func TestIndexingGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	bank := &content.Bank{Name: "mine"}
	const n = Step * (saveEvery + 8)
	for i := range n {
		bank.Questions = append(bank.Questions, content.Question{Bank: "mine", ID: fmt.Sprintf("q%d", i), Text: fmt.Sprintf("question number %d", i)})
	}
	o := Options{Cache: filepath.Join(t.TempDir(), "passages.vec")}
	first := crashing{newBag("bag"), Step * (saveEvery + 4)}
	if _, err := Open(t.Context(), content.Library{bank}, first, o); !errors.Is(err, errCrash) {
		t.Fatalf("error = %v, want the crash", err)
	}
	second := newBag("bag")
	if _, err := Open(t.Context(), content.Library{bank}, second, o); err != nil {
		t.Fatal(err)
	}
	if again := second.calls.Load(); again != n-Step*saveEvery {
		t.Errorf("%d texts embedded after the interruption, want the %d that were not saved", again, n-Step*saveEvery)
	}
}

// deaf is a bag that makes no vector of queries.
type deaf struct{ bag }

func (d deaf) Embed(ctx context.Context, texts []string) (embed.Batch, error) {
	b, err := d.bag.Embed(ctx, texts)
	if slices.Contains(texts, "nan") {
		b.Vectors[0][3] = float32(math.NaN())
	}
	return b, err
}

func TestSearchRefusesAVectorThatIsNoNumber(t *testing.T) {
	t.Parallel()
	ix, err := Open(t.Context(), fruits(), deaf{newBag("bag")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := ix.Search(t.Context(), "nan", 3, content.Filter{}); err == nil {
		t.Errorf("found %v with a vector of NaN", ids(r))
	}
	if _, err := ix.Search(t.Context(), "apple", 3, content.Filter{}); err != nil {
		t.Errorf("the next search failed: %v", err)
	}
}

func TestSearchMendsSlipsAndSaysSo(t *testing.T) {
	t.Parallel()
	ix := builtinIndex(t)
	for query, mended := range map[string]string{
		"lamda cold strat": "lambda cold start", "lambda cold start": "", "secruity gruop vs nacl": "security group vs nacl",
	} {
		r, err := ix.Search(t.Context(), query, 1, content.Filter{})
		if err != nil || r.Mended != mended || r.Query != query || !r.Found {
			t.Errorf("%q: mended %q, found %v, %v, want %q", query, r.Mended, r.Found, err, mended)
		}
	}
}

func TestABankOfAnotherSubjectStandsBesideTheBuiltInOne(t *testing.T) {
	t.Parallel()
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	own := &content.Bank{Name: "kitchen", Questions: []content.Question{
		{Bank: "kitchen", ID: "salmon", Text: "Which wine goes with grilled salmon?", Answer: "A dry white one, for its acid cuts the fat."},
		{Bank: "kitchen", ID: "dough", Text: "Why does a dough have to rest?"},
	}}
	for name, lib := range map[string]content.Library{
		"after it": {content.Builtin(), own}, "before it": {own, content.Builtin()}, "alone": {own},
	} {
		ix, err := Open(t.Context(), lib, enc, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := ix.Search(t.Context(), "wine for fish from the grill", 1, content.Filter{})
		if err != nil || !r.Found || r.Hits[0].Question.ID != "salmon" {
			t.Errorf("%s: %v, found %v, %v, want salmon", name, ids(r), r.Found, err)
		}
		if name == "alone" {
			continue
		}
		r, err = ix.Search(t.Context(), "how do I avoid Lambda cold starts", 1, content.Filter{})
		if err != nil || !r.Found || r.Hits[0].Question.ID != "lambda-cold-start" {
			t.Errorf("%s: %v, found %v, %v, want lambda-cold-start", name, ids(r), r.Found, err)
		}
	}
}

func TestTogetherGathersWhatSeveralTextsAreAbout(t *testing.T) {
	t.Parallel()
	ix := builtinIndex(t)
	texts := []string{"we are a family business", "", "lambda cold starts", "provisioned concurrency keeps functions warm"}
	hits, err := ix.Together(t.Context(), texts, Wanted{Limit: 2, Without: []string{"aws:lambda-cold-start"}})
	if err != nil || len(hits) != 2 {
		t.Fatalf("%d hits, %v, want 2", len(hits), err)
	}
	for _, h := range hits {
		if h.Question.ID == "lambda-cold-start" || !strings.HasPrefix(h.Question.ID, "lambda") {
			t.Errorf("%s, want another question on Lambda", h.Question.ID)
		}
	}
	hits, err = ix.Together(t.Context(), []string{"?!"}, Wanted{Limit: 2})
	if err != nil || len(hits) != 0 {
		t.Errorf("texts without a word: %d hits, %v, want none", len(hits), err)
	}
}

func TestEveryTextHasItsTurn(t *testing.T) {
	t.Parallel()
	ix := builtinIndex(t)
	texts := []string{"fresh fruit and a table football", "lambda cold starts", "", "who deleted my server", "nacl or security group"}
	hits, found, err := ix.InTurn(t.Context(), texts, content.Filter{})
	if err != nil || !found || len(hits) != 301 {
		t.Fatalf("%d hits, found %v, %v, want all", len(hits), found, err)
	}
	first := ids(Results{Hits: hits[:3]})
	for _, want := range []string{"lambda-cold-start", "cloudtrail-who-terminated", "security-group-vs-nacl"} {
		if !slices.Contains(first, want) {
			t.Errorf("first come %v, want %s among them", first, want)
		}
	}
}

func TestAQuestionIsFoundByItsName(t *testing.T) {
	t.Parallel()
	ix := builtinIndex(t)
	for query, want := range map[string]string{"77": "lambda-cold-start", " iam-mfa ": "iam-mfa", "aws:iam-mfa": "iam-mfa"} {
		r, err := ix.Search(t.Context(), query, 3, content.Filter{})
		if err != nil || !r.Found || r.Hits[0].Question.ID != want || r.Hits[0].Score != 1 || len(r.Hits) != 3 {
			t.Errorf("%q: %v, %v, want %s", query, ids(r), err, want)
		}
	}
}

func TestProgressReachesItsTotal(t *testing.T) {
	t.Parallel()
	last := ""
	open(t, Options{Progress: func(done, total int) { last = fmt.Sprint(done == total) }})
	if last != "true" {
		t.Errorf("the last progress was short of its total")
	}
}

func TestVectorsSurviveTheirFile(t *testing.T) {
	t.Parallel()
	v := NewVectors("m")
	want := []float32{0.6, -0.8, 0, 0.001}
	if err := v.Put("text", want); err != nil {
		t.Fatal(err)
	}
	data, err := v.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeVectors(data, "m")
	if err != nil {
		t.Fatal(err)
	}
	if cos := embed.Dot(want, got.Get("text")); cos < 0.999 {
		t.Errorf("cosine with what was put: %v", cos)
	}
	if got.Get("other") != nil || got.Len() != 1 {
		t.Errorf("a text that was never put, or %d rows", got.Len())
	}
	for name, bad := range map[string]struct {
		data []byte
		want error
	}{
		"cut":           {data[:len(data)-1], ErrDamaged},
		"no manifest":   {[]byte("hello"), ErrDamaged},
		"a flipped bit": {append(slices.Clone(data[:len(data)-1]), data[len(data)-1]^1), ErrDamaged},
		"no model":      {[]byte(`{"dim":2,"rows":0}` + "\n"), ErrForeign},
		"another model": {[]byte(strings.Replace(string(data), `"m"`, `"n"`, 1)), ErrForeign},
		"another form":  {[]byte(strings.Replace(string(data), `"format":2`, `"format":3`, 1)), ErrForeign},
		"no width":      {[]byte(`{"format":2,"model":"m","layout":"` + layout + `","dim":-4,"rows":-1}` + "\n"), ErrDamaged},
	} {
		if _, err := DecodeVectors(bad.data, "m"); !errors.Is(err, bad.want) {
			t.Errorf("%s: %v, want %v", name, err, bad.want)
		}
	}
}

func TestVectorsRefuseWhatHasNoDirection(t *testing.T) {
	t.Parallel()
	nan := float32(math.NaN())
	for name, v := range map[string][]float32{"zero": {0, 0}, "NaN": {nan, nan}, "infinite": {float32(math.Inf(1)), 0}} {
		if err := NewVectors("m").Put("text", v); err == nil {
			t.Errorf("a vector that is %s was kept", name)
		}
	}
	set := NewVectors("m")
	if err := errors.Join(set.Put("a", []float32{1, 0}), set.Put("b", []float32{1, 0, 0})); err == nil {
		t.Error("vectors of two widths in one set")
	}
}

func FuzzDecodeVectors(f *testing.F) {
	v := NewVectors("m")
	if err := v.Put("text", []float32{1, 2}); err != nil {
		f.Fatal(err)
	}
	file, err := v.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte(`{"format":2,"model":"m","layout":"` + layout + `","dim":1,"rows":2049638230412172402}` + "\n12"))
	f.Add([]byte(`{"dim":1,"rows":1}` + "\n123456781"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := DecodeVectors(data, "m")
		if (v == nil) == (err == nil) {
			t.Fatalf("vectors %v with error %v", v, err)
		}
		if err == nil {
			v.Get("text")
			if _, err := v.Encode(); err != nil {
				t.Errorf("encode what was decoded: %v", err)
			}
		}
	})
}

func TestEveryTextOfTheBuiltInBankHasItsVector(t *testing.T) {
	t.Parallel()
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	v, err := DecodeVectors(builtinVectors, enc.Name())
	if err != nil {
		t.Fatalf("%v: run go generate ./index", err)
	}
	texts := map[string]bool{}
	for _, q := range content.Builtin().Questions {
		for _, p := range q.Passages() {
			texts[p.Text] = true
			if v.Get(p.Text) == nil {
				t.Fatalf("%q of %s has no vector: run go generate ./index", p.Text, q.ID)
			}
		}
	}
	for _, s := range content.Outside() {
		for _, text := range s.Wordings {
			texts[text] = true
			if v.Get(text) == nil {
				t.Fatalf("%q of the subject %s has no vector: run go generate ./index", text, s.Name)
			}
		}
	}
	if v.Len() != len(texts) {
		t.Errorf("%d vectors for %d texts: run go generate ./index", v.Len(), len(texts))
	}
	samples := []string{content.Builtin().Questions[0].Text, content.Builtin().Questions[9].Answer, content.Builtin().Questions[20].Points[0].Say[0]}
	batch, err := enc.Embed(t.Context(), samples)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range samples {
		for _, chunk := range content.Chunks(s, 160) {
			if stored := v.Get(chunk); stored != nil && embed.Dot(stored, batch.Vectors[i]) < 0.999 {
				t.Errorf("the stored vector of %.40q is not the encoder's: run go generate ./index", s)
			}
		}
	}
}

func TestTheWordsOfTheBuiltInBankAreCounted(t *testing.T) {
	t.Parallel()
	if builtinWords != string(BuiltinWords(content.Builtin(), content.Outside())) {
		t.Error("builtin.words is not that of the bank: run go generate ./index")
	}
}

// builtinIndex is shared by the tests that need real meanings; it is read only.
func builtinIndex(t testing.TB) *Index {
	t.Helper()
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	ix, err := Open(t.Context(), content.Library{content.Builtin()}, enc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func TestSearchFindsByMeaning(t *testing.T) {
	t.Parallel()
	ix := builtinIndex(t)
	for query, want := range map[string]string{
		"how do I avoid Lambda cold starts":                         "lambda-cold-start",
		"a quiet night and then the first call takes seconds":       "lambda-cold-start",
		"someone killed my server, who was it":                      "cloudtrail-who-terminated",
		"container gets OOMKilled":                                  "ecs-out-of-memory",
		"a link that lets a stranger download one file for an hour": "s3-presigned-url",
	} {
		r, err := ix.Search(t.Context(), query, 1, content.Filter{})
		if err != nil || !r.Found || r.Hits[0].Question.ID != want {
			t.Errorf("%q: %v, found %v, %v, want %s", query, ids(r), r.Found, err, want)
		}
	}
	r, err := ix.Search(t.Context(), "which wine goes with grilled salmon", 1, content.Filter{})
	if err != nil || r.Found {
		t.Errorf("wine: found %v in %v, %v, want nothing", r.Found, ids(r), err)
	}
}

func TestRetrieveBringsNeighboursOnlyWhenTheAnswerStrays(t *testing.T) {
	t.Parallel()
	ix := builtinIndex(t)
	q, err := content.Library{content.Builtin()}.Find("lambda-cold-start")
	if err != nil {
		t.Fatal(err)
	}
	straying := "It has to boot a new container first. Network ACLs are stateless, so you must allow the return traffic in both directions."
	ref, err := ix.Retrieve(t.Context(), q, straying)
	if err != nil {
		t.Fatal(err)
	}
	if ref.Question.ID != q.ID {
		t.Errorf("the reference is %s", ref.Question.ID)
	}
	if len(ref.Neighbours) == 0 || ref.Neighbours[0].Question != "aws:security-group-vs-nacl" {
		t.Errorf("neighbours of a straying answer: %+v", ref.Neighbours)
	}
	for name, answer := range map[string]string{
		"an answer on the subject": "Lambda has to create a new environment when none is free, which takes time. Provisioned concurrency keeps some initialised, and a smaller package starts faster.",
		"a short one":              "keep it warm",
		"no answer":                "",
	} {
		ref, err := ix.Retrieve(t.Context(), q, answer)
		if err != nil || len(ref.Neighbours) != 0 {
			t.Errorf("neighbours of %s: %+v, %v, want none", name, ref.Neighbours, err)
		}
	}
}

func TestRetrieveNeedsTheQuestionInTheIndex(t *testing.T) {
	t.Parallel()
	_, err := open(t, Options{}).Retrieve(t.Context(), content.Question{Bank: "aws", ID: "gone"}, "x")
	if !errors.Is(err, ErrNotIndexed) {
		t.Errorf("error = %v, want ErrNotIndexed", err)
	}
}

func TestEmbedRemembersAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBag("bag")
	ix, err := Open(t.Context(), fruits(), b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := b.calls.Load()
	for range 3 {
		vs, err := ix.Embed(t.Context(), []string{"something new", "red apple tree"})
		if err != nil || slices.ContainsFunc(vs, func(v []float32) bool { return v == nil }) {
			t.Fatalf("vectors %v, %v", vs, err)
		}
	}
	if n := b.calls.Load() - before; n != 1 {
		t.Errorf("%d texts embedded, want the new one once", n)
	}
}

func BenchmarkOpenBuiltin(b *testing.B) {
	enc, err := embed.New()
	if err != nil {
		b.Fatal(err)
	}
	lib := content.Library{content.Builtin()}
	for b.Loop() {
		if _, err := Open(b.Context(), lib, enc, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	ix := builtinIndex(b)
	i := 0
	for b.Loop() {
		i++ // another query each time, so that it is encoded
		if _, err := ix.Search(b.Context(), fmt.Sprintf("how do I avoid cold start number %d", i), 5, content.Filter{}); err != nil {
			b.Fatal(err)
		}
	}
}
