package names

import (
	"cmp"
	"fmt"
	"slices"
)

// Index finds names that are like another among many. Several goroutines may
// read it at once while none writes. Make it with NewIndex.
type Index struct {
	// entries are the ids with their names, each in the place that places says;
	// free are places that are empty.
	entries []entry
	places  map[string]int
	free    []int
	// words leads from a key of a word to the places of those who have it, near
	// from a word with a letter left out to the words that it was made of, so
	// that mistyped words find each other.
	words map[string][]int
	near  map[string][]string
}

type entry struct {
	id    string
	names []Name
	// alone says that one of the names has only one word.
	alone bool
}

// Found is an entry that is like what was looked for.
type Found struct {
	ID string
	Match
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{places: map[string]int{}, words: map[string][]int{}, near: map[string][]string{}}
}

// Len is how many ids the index holds.
func (x *Index) Len() int { return len(x.places) }

// Put gives an id its names, in place of those that it had. An id without a
// name is taken out.
func (x *Index) Put(id string, all ...Name) {
	x.Drop(id)
	all = slices.DeleteFunc(slices.Clone(all), Name.Empty)
	if len(all) == 0 {
		return
	}
	e := entry{id, all, slices.ContainsFunc(all, func(n Name) bool { return len(n.words) == 1 })}
	at := len(x.entries)
	if n := len(x.free); n > 0 {
		at, x.free = x.free[n-1], x.free[:n-1]
		x.entries[at] = e
	} else {
		x.entries = append(x.entries, e)
	}
	x.places[id] = at
	for _, key := range keysOf(all) {
		if len(x.words[key]) == 0 {
			x.spread(key)
		}
		x.words[key] = append(x.words[key], at)
	}
}

// Drop takes an id out.
func (x *Index) Drop(id string) {
	at, ok := x.places[id]
	if !ok {
		return
	}
	for _, key := range keysOf(x.entries[at].names) {
		all := x.words[key]
		if i := slices.Index(all, at); i >= 0 {
			all[i] = all[len(all)-1]
			x.words[key] = all[:len(all)-1]
		}
		if len(x.words[key]) == 0 {
			delete(x.words, key)
			x.gather(key)
		}
	}
	delete(x.places, id)
	x.entries[at] = entry{}
	x.free = append(x.free, at)
}

// Find returns up to limit entries that are like one of the names at least so
// much, the likest first; see leaves out what the asker must not know of.
func (x *Index) Find(asked []Name, least float64, limit int, see func(id string) bool) []Found {
	best := map[int]Match{}
	for _, n := range asked {
		for _, at := range x.candidates(n) {
			if !see(x.entries[at].id) {
				continue
			}
			for _, known := range x.entries[at].names {
				if m := Compare(n, known); m.Score >= least && m.Score > best[at].Score {
					best[at] = m
				}
			}
		}
	}
	out := make([]Found, 0, len(best))
	for at, m := range best {
		out = append(out, Found{x.entries[at].id, m})
	}
	slices.SortFunc(out, func(a, b Found) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), limit)]
}

// candidates returns the places of who may be like a name: those that have two
// words like those of it, or one where either has only one.
func (x *Index) candidates(n Name) []int {
	type seen struct{ word, hits uint8 }
	tally := make([]seen, len(x.entries))
	var out []int
	for i := range n.words {
		now := uint8(i + 1)
		for _, key := range x.like(&n.words[i]) {
			for _, at := range x.words[key] {
				t := &tally[at]
				if t.word == now {
					continue // a word of the asked name counts once
				}
				t.word = now
				t.hits++
				if enough := min(2, len(n.words)); int(t.hits) == enough || t.hits == 1 && x.entries[at].alone {
					out = append(out, at)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// like returns the keys that stand in the index and are like a word.
func (x *Index) like(w *word) []string {
	var out []string
	add := func(key string) {
		if len(x.words[key]) > 0 && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	for _, key := range wordKeys(w) {
		add(key)
		if isGroup(key) {
			continue
		}
		for _, cut := range cuts(key) {
			add(cut)
			for _, other := range x.near[cut] {
				add(other)
			}
		}
		for _, other := range x.near[key] {
			add(other)
		}
	}
	return out
}

func (x *Index) spread(key string) {
	if isGroup(key) {
		return
	}
	for _, cut := range cuts(key) {
		x.near[cut] = append(x.near[cut], key)
	}
}

func (x *Index) gather(key string) {
	if isGroup(key) {
		return
	}
	for _, cut := range cuts(key) {
		x.near[cut] = slices.DeleteFunc(x.near[cut], func(k string) bool { return k == key })
		if len(x.near[cut]) == 0 {
			delete(x.near, cut)
		}
	}
}

func keysOf(all []Name) []string {
	var out []string
	for _, n := range all {
		for i := range n.words {
			for _, key := range wordKeys(&n.words[i]) {
				if !slices.Contains(out, key) {
					out = append(out, key)
				}
			}
		}
	}
	return out
}

// wordKeys are what a word is found by: its sounds, a surname's form for
// either sex, and the names that it is short for.
func wordKeys(w *word) []string {
	out := slices.Clone(w.sounds)
	if w.stem != w.sounds[0] {
		out = append(out, w.stem)
	}
	for _, g := range w.groups {
		out = append(out, fmt.Sprintf("#%d", g))
	}
	return out
}

func isGroup(key string) bool { return key[0] == '#' }

// cuts returns a word with each of its letters left out, and for long words
// with two, each once.
func cuts(word string) []string {
	if len(word) < 3 {
		return nil
	}
	out := cutOne(nil, word)
	if len(word) >= 7 {
		for _, once := range out[:len(out):len(out)] {
			out = cutOne(out, once)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func cutOne(out []string, word string) []string {
	for i := range len(word) {
		out = append(out, word[:i]+word[i+1:])
	}
	return out
}
