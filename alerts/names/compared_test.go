package names

import (
	"slices"
	"testing"
)

func TestComparedNamesMeetAcrossSpellings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, a, b, c, d string
		meet             bool
	}{
		{"alphabets", "Ђорђе", "Шћепановић", "Djordje", "Scepanovic", true},
		{"diacritics", "Đorđe", "Šćepanović", "Ђорђе", "Шћепановић", true},
		{"order", "Petrović", "Luka", "Luka", "Petrović", true},
		{"a second given name", "Ana Marija", "Petrović", "Ana", "Petrović", true},
		{"Hungarian", "Zsófia", "Kovács", "Žofia", "Kovač", true},
		{"all in one field", "Luka Petrović", "", "Luka", "Petrović", true},
		{"either sex", "Sofija", "Novotna", "Sofija", "Novotna", true},
		{"another given name", "Marko", "Petrović", "Luka", "Petrović", false},
		{"another family name", "Luka", "Petrović", "Luka", "Pavlović", false},
		{"one word is too little", "Luka", "", "Luka", "", false},
		{"the table of nicknames is not in it", "Jelena", "Petrović", "Jeca", "Petrović", false},
	} {
		x, y := Read(c.a, c.b).Compared(), Read(c.c, c.d).Compared()
		meet := slices.ContainsFunc(x, func(k string) bool { return slices.Contains(y, k) })
		if meet != c.meet {
			t.Errorf("%s: %v and %v meet: %t", c.name, x, y, meet)
		}
		if len(x) > mostCompared {
			t.Errorf("%s: %d keys", c.name, len(x))
		}
	}
}
