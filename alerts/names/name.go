package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"homeward/geo/script"
)

// mostWords bounds how many words of a name are compared.
const mostWords = 8

// Name is a name that has been made ready for comparing. The zero value is no
// name; it is the same as nothing.
type Name struct {
	words []word
}

// word is one word of a name: its letters folded, its usual sound as a surname
// of either sex, its sounds, and the groups of the table of nicknames that it
// belongs to.
type word struct {
	folded string
	stem   string
	sounds []string
	groups []int
	family bool
}

// Read makes a name ready. Either part may be empty or hold several words, in
// any alphabet. Titles and what is no letter are left out.
func Read(given, family string) Name {
	var n Name
	n.add(given, false)
	n.add(family, true)
	return n
}

// Empty tells whether nothing of the name can be compared.
func (n Name) Empty() bool { return len(n.words) == 0 }

// Words returns how many words of the name are compared.
func (n Name) Words() int { return len(n.words) }

func (n *Name) add(part string, family bool) {
	for _, w := range strings.FieldsFunc(norm.NFKC.String(part), parts) {
		folded := script.Fold(w)
		if len(n.words) == mostWords || isTitle(folded) {
			continue
		}
		s := sounds(w)
		if len(s) == 0 {
			continue
		}
		n.words = append(n.words, word{folded: folded, stem: female(s[0]), sounds: s, groups: nicknames.groups(s[0]), family: family})
	}
}

// parts says where words end: hyphens part them, apostrophes do not.
func parts(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.IsNumber(r) && r != '\'' && r != '’' && r != '`' && r != 'ʼ'
}

func isTitle(folded string) bool {
	switch folded {
	case "dr", "mr", "mrs", "ms", "prof", "ing", "gospodin", "gospodja", "gdja", "gosp", "ifj", "id", "ozv":
		return true
	}
	return false
}
