package words

import (
	"regexp"
	"strconv"
	"strings"
)

// An encoder puts a sentence and its reversal close together. What follows sees
// what it does not: negation, opposites and numbers.

var negators = Set(`not no never without cannot cant dont doesnt didnt isnt arent wasnt wont wouldnt shouldnt couldnt
	nor neither none nothing nobody hardly barely lacks lack unable`)

// Negations counts the words of text that deny.
func Negations(text string) int {
	n := 0
	for _, t := range Tokens(text) {
		if negators[t] {
			n++
		}
	}
	return n
}

// Stem cuts the endings that English grammar adds, so that "scales", "scaled" and
// "scaling" count as one word. It is crude, and enough to compare texts on one subject.
func Stem(w string) string {
	for _, cut := range []struct{ end, put string }{
		{"ies", "y"}, {"sses", "ss"}, {"ing", ""}, {"edly", ""}, {"ed", ""}, {"ly", ""}, {"es", ""}, {"s", ""}, {"e", ""},
	} {
		rest, ok := strings.CutSuffix(w, cut.end)
		if ss := cut.end == "s" && strings.HasSuffix(rest, "s"); ok && len(rest) >= 3 && !ss {
			return undouble(rest + cut.put)
		}
	}
	return w
}

// undouble turns "runn" into "run".
func undouble(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("aeiouls", rune(w[n-1])) {
		return w[:n-1]
	}
	return w
}

// Stems returns the stems of the content words of text, each once.
func Stems(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range Content(text) {
		set[Stem(w)] = true
	}
	return set
}

// pairs lists words that turn a technical statement round when one stands for
// the other, each pair joined by a stroke.
const pairs = `before/after more/less more/fewer higher/lower high/low faster/slower fast/slow quick/slow up/down in/out
	into/from inside/outside within/across inbound/outbound incoming/outgoing ingress/egress start/stop begin/end first/last
	early/late always/never allow/deny allow/block permit/deny grant/deny grant/revoke allow/forbid open/closed enable/disable
	enabled/disabled on/off attach/detach add/remove create/delete increase/decrease increase/reduce raise/lower grow/shrink
	synchronous/asynchronous sync/async synchronously/asynchronously stateful/stateless public/private automatic/manual
	automatically/manually implicit/explicit encrypted/unencrypted encrypt/decrypt managed/unmanaged same/different
	same/separate shared/dedicated shared/exclusive cheap/expensive cheaper/dearer cheaper/pricier free/paid free/charged
	temporary/permanent temporary/persistent ephemeral/persistent volatile/durable short/long shorter/longer shortest/longest
	regional/global regional/zonal zonal/global local/remote single/multiple one/many hot/cold warm/cold read/write
	reads/writes readable/writable primary/standby primary/replica source/target source/destination publisher/subscriber
	producer/consumer client/server caller/callee sender/receiver horizontal/vertical horizontally/vertically
	required/optional mandatory/optional must/may minimum/maximum least/most mutable/immutable static/dynamic fixed/variable
	strong/eventual strongly/eventually success/failure succeed/fail old/new older/newer previous/next upstream/downstream
	push/pull pushes/pulls poll/push ordered/unordered exactly/least identity/resource user/role group/role account/region
	instance/subnet instances/subnets row/column block/file block/object file/object hardware/software online/offline
	continuous/periodic retroactive/future reversible/irreversible loses/keeps lose/keep lost/kept retain/discard keep/drop
	survives/dies survive/vanish both/neither all/none every/no everything/nothing any/none internal/external
	customer/aws yours/theirs detect/prevent detective/preventive detects/prevents audit/monitor recommend/enforce suggests/blocks
	real-time/batch stream/batch pay/free upfront/later commit/flexible committed/spare predictable/unpredictable steady/spiky
	known/unknown sequential/parallel serial/parallel centralized/distributed simple/complex weak/strong safe/unsafe`

var opposites = func() map[string]map[string]bool {
	of := map[string]map[string]bool{}
	for _, pair := range strings.Fields(pairs) {
		a, b, _ := strings.Cut(pair, "/")
		a, b = Stem(a), Stem(b)
		for _, p := range [][2]string{{a, b}, {b, a}} {
			if of[p[0]] == nil {
				of[p[0]] = map[string]bool{}
			}
			of[p[0]][p[1]] = true
		}
	}
	return of
}()

// Opposed counts the words of said that stand for the opposite of a word of
// known, where said does not hold that word itself.
func Opposed(said, known map[string]bool) int {
	n := 0
	for w := range said {
		if known[w] {
			continue
		}
		for o := range opposites[w] {
			if known[o] && !said[o] {
				n++
				break
			}
		}
	}
	return n
}

// AllStems returns the stems of all words of text, small ones too.
func AllStems(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range Tokens(text) {
		set[Stem(w)] = true
	}
	return set
}

var (
	digits = regexp.MustCompile(`(?:^|[^\pL\d.,-])(\d[\d,]*(?:\.\d+)?)`)
	small  = map[string]int{
		"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
		"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	}
	tens = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
)

// Numbers returns the numbers in text, written in digits or in words, in
// digits: "fifteen" and "15" alike. "One" is no number here, nor is the digit of
// a name such as S3.
func Numbers(text string) map[string]bool {
	set := map[string]bool{}
	for _, m := range digits.FindAllStringSubmatch(text, -1) {
		set[strings.TrimRight(strings.ReplaceAll(m[1], ",", ""), ".")] = true
	}
	value, open := 0, false
	flush := func() {
		if open {
			set[strconv.Itoa(value)] = true
		}
		value, open = 0, false
	}
	for _, t := range Tokens(text) {
		switch {
		case tens[t] > 0:
			flush()
			value, open = tens[t], true
		case small[t] > 0 && open && value%10 == 0 && value < 100 && small[t] < 10:
			value += small[t]
		case small[t] > 0:
			flush()
			value, open = small[t], true
		case t == "hundred":
			value, open = max(value, 1)*100, true
		case t == "thousand":
			value, open = max(value, 1)*1000, true
		default:
			flush()
		}
	}
	flush()
	return set
}
