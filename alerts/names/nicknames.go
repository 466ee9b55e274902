package names

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// nicknamesCSV has a line for each full name: full, forms (parted by spaces),
// language, source, verified.
//
//go:embed nicknames.csv
var nicknamesCSV string

// nicknameTable leads from the sound of a form to the names that it is short
// for, by their place in the table.
type nicknameTable struct {
	full []string
	by   map[string][]int
}

// nicknames is the embedded table; a test proves that it can be read.
var nicknames, errNicknames = readNicknames(strings.NewReader(nicknamesCSV))

func readNicknames(r io.Reader) (*nicknameTable, error) {
	t := &nicknameTable{by: map[string][]int{}}
	rows := csv.NewReader(r)
	rows.Comment, rows.FieldsPerRecord = '#', 5
	all, err := rows.ReadAll()
	if err != nil {
		return t, fmt.Errorf("nicknames.csv: %w", err)
	}
	for i, row := range all {
		if i == 0 {
			continue
		}
		if row[0] == "" || row[3] == "" || row[4] != "true" && row[4] != "false" {
			return t, fmt.Errorf("nicknames.csv: %s needs a name, a source, and true or false", row[0])
		}
		full := sounds(row[0])
		if len(full) == 0 {
			return t, fmt.Errorf("nicknames.csv: %q has no letters", row[0])
		}
		t.full = append(t.full, full[0])
		for _, form := range append(strings.Fields(row[1]), row[0]) {
			t.put(form, len(t.full)-1)
		}
	}
	return t, nil
}

func (t *nicknameTable) put(form string, group int) {
	for _, s := range sounds(form)[:1] {
		if !slices.Contains(t.by[s], group) {
			t.by[s] = append(t.by[s], group)
		}
	}
}

func (t *nicknameTable) groups(sound string) []int { return t.by[sound] }

func (t *nicknameTable) isFull(group int, sound string) bool { return t.full[group] == sound }
