package partners

import (
	"encoding/csv"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"homeward/journal"
)

// TestCellsAreHarmlessAndComeBack writes cells that a spreadsheet would carry
// out, and reads them back as they were.
func TestCellsAreHarmlessAndComeBack(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "x", "=1+1", "+381 11", "-5", "@me", "\tx", "\rx", "'=x", "''=x", "'x", "＝x", "'", "''", "'＋1", "a=b"} {
		got := harmless(s)
		if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r") || strings.HasPrefix(got, "＝") || strings.HasPrefix(got, "＋") {
			t.Errorf("%q is written as %q", s, got)
		}
		if back := plainCell(got); back != s {
			t.Errorf("%q comes back as %q", s, back)
		}
	}
	for _, parts := range [][]string{{"phone", "+381 11 000 0001"}, {`a|b\c`, "two\nlines", "", "x"}, {"only"}, {`\`, `|`}} {
		if got := splitParts(joinParts(append([]string{}, parts...))); !reflect.DeepEqual(got, parts) {
			t.Errorf("%q comes back as %q", parts, got)
		}
	}
}

// randomWord is a text with what tables are careless with.
func randomWord(r *rand.Rand) string {
	parts := []string{"a", "š", "ж", ",", ";", `"`, "|", `\`, "=1", "+1", "-", "@", "'", " ", "x y", "é"}
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(parts[r.IntN(len(parts))])
	}
	return "w" + strings.TrimSpace(b.String()) + "w"
}

func randomInstitution(r *rand.Rand, id string) *Institution {
	secure := r.IntN(2) == 0
	i := &Institution{
		Head: journal.Head{ID: id, Version: 1 + r.IntN(9)}, Name: randomWord(r), Kind: "court", Country: "RS", Area: randomWord(r), Hours: randomWord(r),
		TimeZone: "Europe/Belgrade", Roles: []string{"hague1980"}, Languages: []string{"sr-Latn", "en"}, Source: randomWord(r), Fictional: r.IntN(2) == 0,
		Channels: []Channel{{Kind: "phone", Value: "+381 11 000 0001", Secure: &secure, Source: randomWord(r), AsOf: "2026-01-01"}, {Kind: "post", Value: randomWord(r)}},
		People:   []InstitutionPerson{{Name: randomWord(r), Function: randomWord(r), Channels: []Reach{{Kind: "phone", Value: "+381 11 000 0002"}}}, {Name: randomWord(r)}},
	}
	if r.IntN(2) == 0 {
		i.Name, i.VerifiedAt = "=HYPERLINK(1)", time.Date(2026, 5, 2, 10, 0, 0, 123e6, time.UTC)
	}
	return i
}

// TestDirectoryComesBack writes entries as a table and reads the cells back into
// the same entries.
func TestDirectoryComesBack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		want := randomInstitution(r, "abc")
		file, err := writeDirectory([]*Institution{want}, true)
		if err != nil {
			t.Fatal(err)
		}
		table, err := readTable(file)
		if err != nil || len(table.rows) != 1 {
			t.Fatalf("seed %d: %v %d", seed, err, len(table.rows))
		}
		got := &Institution{Head: want.Head, VerifiedAt: want.VerifiedAt}
		c := &cells{importing: &importing{desk: &Desk{}, table: table, zone: time.UTC}, row: 0, line: 2}
		c.take(got)
		if len(c.out.Wrong) > 0 || !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: %v\n%+v\n%+v\n%s", seed, c.out.Wrong, got, want, file)
		}
	}
}

func TestTablesOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"commas":             "name,kind,country\nSud,court,RS\n",
		"semicolons":         "name;kind;country\nSud;court;RS\n",
		"a byte order mark":  "\uFEFFname,kind,country\r\nSud,court,RS\r\n",
		"capitals and gaps":  " Name , KIND,country\n\nSud,court,RS\n,,\n",
		"no line at its end": "name,kind,country\nSud,court,RS",
	} {
		table, err := readTable([]byte(file))
		if err != nil || len(table.rows) != 1 {
			t.Errorf("%s: %v %+v", name, err, table)
			continue
		}
		if s, ok := table.cell(0, "name"); !ok || s != "Sud" {
			t.Errorf("%s: %q", name, s)
		}
		if _, ok := table.cell(0, "hours"); ok {
			t.Errorf("%s: a column that is not there", name)
		}
	}
	for name, file := range map[string]string{
		"another encoding": "name,kind\nKr\xe8ki\n", "a quote that is open": "name,kind\n\"Sud,court\n", "twice a column": "name,name\n",
		"too large": strings.Repeat("x", mostBytes+1), "too many rows": "name\n" + strings.Repeat("x\n", mostRows+1),
	} {
		if _, err := readTable([]byte(file)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// FuzzTable reads whatever comes and never takes more than it says.
func FuzzTable(f *testing.F) {
	f.Add([]byte("name,kind,country\nSud,court,RS\n"))
	f.Add([]byte("\uFEFFname;channels\n\"a\nb\";\"phone | 1 | yes\"\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := readTable(file)
		if err != nil {
			return
		}
		if len(table.rows) > mostRows || len(table.rows) != len(table.lines) {
			t.Fatal("rows")
		}
		for n := range table.rows {
			c := &cells{importing: &importing{desk: &Desk{}, table: table, zone: time.UTC}, row: n}
			i := &Institution{}
			c.take(i)
			out, err := writeDirectory([]*Institution{i}, true)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range must2(csv.NewReader(strings.NewReader(strings.TrimPrefix(string(out), byteOrderMark))).ReadAll())(t)[1:] {
				for _, cell := range row {
					if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
						t.Fatalf("a formula: %q", cell)
					}
				}
			}
		}
	})
}

func must2[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
