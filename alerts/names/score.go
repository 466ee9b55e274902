package names

import (
	"cmp"
	"slices"
	"strings"
)

// Reason is one thing that two names have in common, or in which they differ
// although they may be one person's.
type Reason string

// The reasons, by how much they say.
const (
	Exact    Reason = "exact"    // letter by letter, but for case and diacritics
	Spelling Reason = "spelling" // one sound in two spellings or alphabets
	Female   Reason = "female"   // the forms of a surname for women and men
	Nickname Reason = "nickname" // a short form, by the table
	Typo     Reason = "typo"     // a letter or two apart
	Order    Reason = "order"    // given and family name are exchanged
	Part     Reason = "part"     // only one of them has the other words
)

// Two names at or above Same are most likely one person's as far as names can
// tell; below Maybe they are not worth a person's look.
const (
	Same  = 0.80
	Maybe = 0.60
)

// What a pair of words may count.
const (
	asExact    = 1.0
	asSpelling = 0.97
	asReading  = 0.92
	asFemale   = 0.93
	asNickname = 0.88
	asCousins  = 0.82 // two short forms of one name
	asTypo     = 0.88
	asTypos    = 0.78
	asShort    = 0.66 // a letter apart in a short word
)

// Match is how alike two names are, from 0 to 1, and why.
type Match struct {
	Score   float64
	Reasons []Reason
}

// Compare tells how alike two names are. It is the same in both directions.
func Compare(a, b Name) Match {
	if a.Empty() || b.Empty() {
		return Match{}
	}
	if len(a.words) > len(b.words) {
		a, b = b, a
	}
	pairs := pairWords(a.words, b.words)
	sum, least := 0.0, 1.0
	for _, p := range pairs {
		sum += p.score
	}
	if len(pairs) < len(a.words) {
		least = 0
	} else {
		for _, p := range pairs {
			least = min(least, p.score)
		}
	}
	score := (sum/float64(len(a.words)) + least) / 2
	reasons := reasonsOf(a.words, b.words, pairs)
	switch {
	case len(b.words) == len(a.words):
	case len(a.words) == 1:
		score *= 0.7
		reasons = append(reasons, Part)
	default:
		score *= 0.95
		reasons = append(reasons, Part)
	}
	return Match{score, reasons}
}

// pair says which word of one name stands for which of the other.
type pair struct {
	a, b   int
	score  float64
	reason Reason
}

// pairWords takes the best pairs of words first, each word once.
func pairWords(a, b []word) []pair {
	var room [4]pair // enough for nearly all, and on the stack
	all := room[:0]
	for i := range a {
		for k := range b {
			if s, why := compareWords(&a[i], &b[k]); s > 0 {
				all = append(all, pair{i, k, s, why})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y pair) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.a+x.b, y.a+y.b), cmp.Compare(x.a, y.a))
	})
	var out []pair
	var usedA, usedB [mostWords]bool
	for _, p := range all {
		if !usedA[p.a] && !usedB[p.b] {
			usedA[p.a], usedB[p.b] = true, true
			out = append(out, p)
		}
	}
	return out
}

func reasonsOf(a, b []word, pairs []pair) []Reason {
	var out []Reason
	ordered := hasFamily(a) && hasFamily(b) && len(pairs) > 1
	for _, p := range pairs {
		if !slices.Contains(out, p.reason) {
			out = append(out, p.reason)
		}
		if ordered && a[p.a].family != b[p.b].family && !slices.Contains(out, Order) {
			out = append(out, Order)
		}
	}
	order := []Reason{Exact, Spelling, Female, Nickname, Typo, Order}
	slices.SortFunc(out, func(x, y Reason) int { return cmp.Compare(slices.Index(order, x), slices.Index(order, y)) })
	return out
}

func hasFamily(words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.family })
}

// compareWords tells how alike two words are; 0 is not at all.
func compareWords(a, b *word) (float64, Reason) {
	if a.folded == b.folded {
		return asExact, Exact
	}
	if a.sounds[0] == b.sounds[0] {
		return asSpelling, Spelling
	}
	for _, s := range a.sounds {
		if slices.Contains(b.sounds, s) {
			return asReading, Spelling
		}
	}
	if a.stem == b.stem {
		return asFemale, Female
	}
	best, why := akin(a, b)
	for _, s := range a.sounds {
		for _, t := range b.sounds {
			if score := typos(s, t); score > best {
				best, why = score, Typo
			}
		}
	}
	return best, why
}

// akin compares by the table of nicknames: a full name and a short form of it
// count more than two short forms of one name.
func akin(a, b *word) (float64, Reason) {
	for _, g := range a.groups {
		if !slices.Contains(b.groups, g) {
			continue
		}
		if nicknames.isFull(g, a.sounds[0]) || nicknames.isFull(g, b.sounds[0]) {
			return asNickname, Nickname
		}
		return asCousins, Nickname
	}
	return 0, ""
}

// female returns a surname without what makes it a woman's or a man's.
func female(sound string) string {
	for _, end := range []string{"ska", "ski", "cka", "cki"} {
		if stem, ok := strings.CutSuffix(sound, end); ok && len(stem) > 2 {
			return stem + end[:2]
		}
	}
	for _, end := range []string{"ova", "eva", "ina"} {
		if stem, ok := strings.CutSuffix(sound, end); ok && len(stem) > 2 {
			return stem + end[:2]
		}
	}
	return sound
}

// typos counts letters that were mistyped or misheard. Words that begin with
// different letters are different, but for an h that some do not speak: Goran
// and Zoran are brothers.
func typos(a, b string) float64 {
	short, long := min(len(a), len(b)), max(len(a), len(b))
	if short < 3 || long-short > 2 || a[0] != b[0] && !silent(a, b) && !silent(b, a) {
		return 0
	}
	d := distance(a, b)
	switch {
	case d == 1 && short >= 5:
		return asTypo
	case d == 1:
		return asShort
	case d == 2 && short >= 7:
		return asTypos
	}
	return 0
}

// distance is how many letters to insert, drop, change or exchange with their
// neighbour make one word of the other; 3 stands for more than 2.
func distance(a, b string) int {
	var rows [3][longestWord*2 + 2]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	if len(b)+1 > len(row) {
		return 3
	}
	for k := range len(b) + 1 {
		last[k] = uint8(k)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = uint8(i)
		for k := 1; k <= len(b); k++ {
			cost := uint8(1)
			if a[i-1] == b[k-1] {
				cost = 0
			}
			row[k] = min(last[k]+1, row[k-1]+1, last[k-1]+cost)
			if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
				row[k] = min(row[k], before[k-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return int(min(last[len(b)], 3))
}

// silent tells whether a is b behind an h.
func silent(a, b string) bool { return a[0] == 'h' && a[1:] == b }
