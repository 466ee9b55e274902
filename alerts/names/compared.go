package names

import "slices"

// mostCompared bounds how many keys Compared gives for one name.
const mostCompared = 48

// Compared returns the keys under which two lists of names can be compared
// without either being shown: for each given name beside each family name the
// two sounds, in alphabetical order with a space between, each way to read them
// apart. So neither alphabet nor spelling, the order of the names or a second
// given name keeps two records of one child apart. A name of which not both
// parts are known is taken word by word; one of a single word has no key,
// because too many people bear it.
//
// Nicknames are not in it: the table of this build is nobody else's.
func (n Name) Compared() []string {
	var given, family []*word
	for i := range n.words {
		if w := &n.words[i]; w.family {
			family = append(family, w)
		} else {
			given = append(given, w)
		}
	}
	var out []string
	if len(given) > 0 && len(family) > 0 {
		for _, g := range given {
			for _, f := range family {
				out = pairs(out, g, f)
			}
		}
	} else {
		for i := range n.words {
			for k := i + 1; k < len(n.words); k++ {
				out = pairs(out, &n.words[i], &n.words[k])
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), mostCompared)]
}

// pairs adds the keys of two words. A surname's form for either sex stands
// beside what it sounds like, because only one of the two lists may have it.
func pairs(out []string, a, b *word) []string {
	for _, x := range readings(a) {
		for _, y := range readings(b) {
			out = append(out, min(x, y)+" "+max(x, y))
		}
	}
	return out
}

func readings(w *word) []string {
	if w.stem == w.sounds[0] {
		return w.sounds
	}
	return append(slices.Clone(w.sounds), w.stem)
}
