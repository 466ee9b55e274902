package names

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/geo/script"
)

// golden reads the pairs of invented people, each with what a person says of it.
func golden(t testing.TB) [][]string {
	f, err := os.Open("testdata/golden.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// A pair that people call the same must be found, one that they call different
// must not be; "maybe" may be scored as the same, but must be found too.
func TestGoldenPairs(t *testing.T) {
	t.Parallel()
	rows := golden(t)
	if len(rows) < 150 {
		t.Fatalf("only %d pairs", len(rows))
	}
	var shown, rightlyShown, worth, found, same, surely int
	for _, r := range rows {
		m := Compare(Read(r[1], r[2]), Read(r[3], r[4]))
		isWorth := r[0] != "different"
		if isWorth {
			worth++
		}
		if m.Score >= Maybe {
			shown++
			if isWorth {
				rightlyShown++
				found++
			}
		}
		if r[0] == "same" {
			same++
			if m.Score >= Same {
				surely++
			}
		}
		if isWorth != (m.Score >= Maybe) || r[0] == "same" && m.Score < Same {
			t.Logf("%-9s %.2f %v: %s %s / %s %s (%s)", r[0], m.Score, m.Reasons, r[1], r[2], r[3], r[4], r[5])
		}
	}
	precision, recall := float64(rightlyShown)/float64(shown), float64(found)/float64(worth)
	certain := float64(surely) / float64(same)
	t.Logf("%d pairs: precision %.3f, recall %.3f, of the same found as the same %.3f", len(rows), precision, recall, certain)
	if precision < 0.95 || recall < 0.98 || certain < 0.97 {
		t.Errorf("precision %.3f, recall %.3f, certain %.3f", precision, recall, certain)
	}
}

func TestCompareIsEven(t *testing.T) {
	t.Parallel()
	for _, r := range golden(t) {
		a, b := Read(r[1], r[2]), Read(r[3], r[4])
		if x, y := Compare(a, b), Compare(b, a); fmt.Sprint(x) != fmt.Sprint(y) {
			t.Errorf("%v: %v and %v", r, x, y)
		}
		if m := Compare(a, a); m.Score != 1 {
			t.Errorf("%v is %v like itself", r[1:3], m)
		}
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ given, family, given2, family2, want string }{
		{"Милица", "Јовановић", "Milica", "Jovanovic", "[exact]"},
		{"Jovanović", "Milica", "Milica", "Jovanovic", "[exact order]"},
		{"Szabó", "Erzsébet", "Eržebet", "Sabo", "[spelling order]"},
		{"Aca", "Petrović", "Aleksandar", "Petrović", "[exact nickname]"},
		{"Elena", "Petrova", "Elena", "Petrov", "[exact female]"},
		{"Milica", "", "Milica", "Petrović", "[exact part]"},
		{"Ružica", "Stojanović", "Ružica", "Stojanovoć", "[exact typo]"},
		{"", "", "Ana", "", "[]"},
	} {
		if m := Compare(Read(c.given, c.family), Read(c.given2, c.family2)); fmt.Sprint(m.Reasons) != c.want {
			t.Errorf("%v: %v, want %s", c, m, c.want)
		}
	}
}

func TestNicknameTable(t *testing.T) {
	t.Parallel()
	if errNicknames != nil {
		t.Fatal(errNicknames)
	}
	if len(nicknames.full) < 80 {
		t.Errorf("only %d names", len(nicknames.full))
	}
	for _, broken := range []string{
		"full,forms,language,source,verified\n,Aca,sr,x,false\n", "full,forms,language,source,verified\nA,Aca,sr,,false\n",
		"full,forms,language,source,verified\nA,Aca,sr,x,perhaps\n", "full,forms,language,source,verified\n1,Aca,sr,x,true\n", "a,b\n\"",
	} {
		if _, err := readNicknames(strings.NewReader(broken)); err == nil {
			t.Errorf("%q is taken", broken)
		}
	}
}

// recode-sr-latin of GNU gettext is written by others: a name that it has put
// into Latin letters has the keys of the Cyrillic one.
func TestKeysAgainstGettext(t *testing.T) {
	t.Parallel()
	program := os.Getenv("RECODE_SR_LATIN")
	if program == "" {
		t.Log("left out: set RECODE_SR_LATIN to the path of recode-sr-latin")
		return
	}
	var in bytes.Buffer
	var cyrillic []string
	for _, r := range golden(t) {
		for _, s := range r[1:5] {
			c := script.ToCyrillic(s)
			cyrillic = append(cyrillic, c)
			in.WriteString(c + "\n")
		}
	}
	cmd := exec.Command(program)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	latin := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(latin) != len(cyrillic) {
		t.Fatalf("%d lines of %d came back", len(latin), len(cyrillic))
	}
	for i, c := range cyrillic {
		a, b := Read(c, ""), Read(latin[i], "")
		if fmt.Sprint(a.words) != fmt.Sprint(b.words) {
			t.Errorf("%s is %v, %s is %v", c, a.words, latin[i], b.words)
		}
	}
}

// Whatever somebody types, comparing neither fails nor leaves [0,1], and a name
// is always found by itself.
func FuzzCompare(f *testing.F) {
	f.Add("Ђорђе", "Ђорђевић", "Djordje", "Dordevic")
	f.Add("ő", "ű1", "0", "x")
	f.Add("\xff", "a\u0300\u0301", "ǆ", "ﬁ")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		one, two := Read(a, b), Read(c, d)
		m, back := Compare(one, two), Compare(two, one)
		if m.Score < 0 || m.Score > 1 || m.Score != back.Score {
			t.Fatalf("%v and %v", m, back)
		}
		x := NewIndex()
		x.Put("id", one)
		if found := x.Find([]Name{one}, Maybe, 5, everyone); !one.Empty() && (len(found) != 1 || found[0].Score != 1) {
			t.Fatalf("%q %q is not found: %v", a, b, found)
		}
		x.Drop("id")
		if len(x.words)+len(x.near)+x.Len() != 0 {
			t.Fatalf("something stayed: %v", x)
		}
	})
}

func everyone(string) bool { return true }

// The index finds what going through everybody finds.
func TestIndexIsComplete(t *testing.T) {
	t.Parallel()
	rows := golden(t)
	rapid.Check(t, func(t *rapid.T) {
		x := NewIndex()
		all := map[string]Name{}
		for i := range rapid.IntRange(1, 60).Draw(t, "people") {
			r := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")]
			n := Read(r[1], r[2])
			if rapid.Bool().Draw(t, "second") {
				n = Read(r[3], r[4])
			}
			id := fmt.Sprint("p", i%40)
			x.Put(id, n)
			all[id] = n
			if rapid.IntRange(0, 9).Draw(t, "drop") == 0 {
				x.Drop(id)
				delete(all, id)
			}
		}
		r := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "asked")]
		asked := Read(r[1], r[2])
		found := map[string]float64{}
		for _, f := range x.Find([]Name{asked}, Maybe, 1000, everyone) {
			found[f.ID] = f.Score
		}
		for id, n := range all {
			if m := Compare(asked, n); m.Score >= Maybe && found[id] != m.Score {
				t.Fatalf("%v and %v are %.2f alike, found %.2f", asked, n, m.Score, found[id])
			}
		}
	})
}

func TestSeeLeavesOut(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	x.Put("a", Read("Milica", "Jovanović"))
	x.Put("b", Read("Милица", "Јовановић"))
	found := x.Find([]Name{Read("Milica", "Jovanovic")}, Maybe, 10, func(id string) bool { return id == "b" })
	if len(found) != 1 || found[0].ID != "b" {
		t.Errorf("%v", found)
	}
}
