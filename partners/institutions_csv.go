package partners

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// directoryColumns are the columns of the directory as a table, in the order in
// which they are written.
func directoryColumns() []string {
	return []string{"id", "version", "name", "kind", "country", "regions", "area", "roles", "languages", "hours", "time_zone", "channels", "people", "verified_at", "source", "fictional"}
}

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\uFEFF"

// writeDirectory writes entries as RFC 4180 says, with a byte order mark. The
// column of people is left out unless it is asked for. No cell begins with what
// a spreadsheet takes for a formula.
func writeDirectory(all []*Institution, people bool) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	drop := slices.Index(directoryColumns(), "people")
	shown := func(cells []string) []string {
		if people {
			return cells
		}
		return slices.Delete(cells, drop, drop+1)
	}
	if err := w.Write(shown(directoryColumns())); err != nil {
		return nil, err
	}
	for _, i := range all {
		cells := directoryCells(i)
		for n := range cells {
			cells[n] = harmless(cells[n])
		}
		if err := w.Write(shown(cells)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func directoryCells(i *Institution) []string {
	persons := make([]string, 0, len(i.People))
	for _, p := range i.People {
		parts := []string{p.Name, p.Function}
		for _, c := range p.Channels {
			parts = append(parts, c.Kind+": "+c.Value)
		}
		persons = append(persons, joinParts(parts))
	}
	channels := make([]string, 0, len(i.Channels))
	for _, c := range i.Channels {
		secure := ""
		if c.Secure != nil {
			secure = map[bool]string{true: "yes", false: "no"}[*c.Secure]
		}
		channels = append(channels, joinParts([]string{c.Kind, c.Value, secure, c.Source, c.AsOf}))
	}
	verified := ""
	if !i.VerifiedAt.IsZero() {
		verified = i.VerifiedAt.UTC().Format(time.RFC3339Nano)
	}
	fictional := ""
	if i.Fictional {
		fictional = "yes"
	}
	return []string{i.ID, strconv.Itoa(i.Version), i.Name, i.Kind, i.Country, strings.Join(i.Regions, "; "), i.Area, strings.Join(i.Roles, "; "),
		strings.Join(i.Languages, "; "), i.Hours, i.TimeZone, strings.Join(channels, "\n"), strings.Join(persons, "\n"), verified, i.Source, fictional}
}

// harmless puts an apostrophe before what a spreadsheet would take for a
// formula, and before an apostrophe that stands before one.
func harmless(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

func risky(s string) bool {
	rest := strings.TrimLeft(s, "'")
	first, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", first)
}

// plainCell takes off the apostrophe that harmless puts there.
func plainCell(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && risky(rest) {
		return rest
	}
	return s
}

// joinParts joins the parts of a line with bars; splitParts takes them apart. A
// bar, a line break and a backslash inside a part are written with a backslash.
func joinParts(parts []string) string {
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	for i := range parts {
		parts[i] = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`, "\r", `\r`).Replace(parts[i])
	}
	return strings.Join(parts, " | ")
}

func splitParts(line string) []string {
	var out []string
	var part strings.Builder
	escaped := false
	for _, r := range line {
		switch {
		case escaped:
			escaped = false
			part.WriteString(map[rune]string{'n': "\n", 'r': "\r"}[r])
			if r != 'n' && r != 'r' {
				part.WriteRune(r)
			}
		case r == '\\':
			escaped = true
		case r == '|':
			out = append(out, strings.TrimSpace(part.String()))
			part.Reset()
		default:
			part.WriteRune(r)
		}
	}
	return append(out, strings.TrimSpace(part.String()))
}

// table is a file as it was read: where each column stands, and the rows with
// the line that each begins on.
type table struct {
	column map[string]int
	rows   [][]string
	lines  []int
}

var errTable = errors.New("the file cannot be read as a table")

// mostRows and mostBytes bound a file.
const (
	mostRows  = 2000
	mostBytes = 400 << 10
)

// readTable reads a table in UTF-8, with or without a byte order mark, with
// commas or, as spreadsheets of many countries write it, with semicolons.
func readTable(file []byte) (*table, error) {
	if len(file) > mostBytes {
		return nil, fmt.Errorf("%w: it is larger than %d kB", errTable, mostBytes>>10)
	}
	if !utf8.Valid(file) {
		return nil, fmt.Errorf("%w: it is not UTF-8; save it as CSV UTF-8", errTable)
	}
	text := strings.TrimPrefix(string(file), byteOrderMark)
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	head, _, _ := strings.Cut(text, "\n")
	if strings.Count(head, ";") > strings.Count(head, ",") {
		r.Comma = ';'
	}
	t := &table{column: map[string]int{}}
	for {
		row, err := r.Read()
		if err != nil && len(row) == 0 {
			if errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote) {
				return nil, fmt.Errorf("%w: %w", errTable, err)
			}
			return t, nil
		}
		line, _ := r.FieldPos(0)
		if err := t.add(row, line); err != nil {
			return nil, err
		}
	}
}

func (t *table) add(row []string, line int) error {
	if len(t.column) == 0 {
		for n, name := range row {
			name = strings.ToLower(strings.TrimSpace(name))
			if _, twice := t.column[name]; twice {
				return fmt.Errorf("%w: two columns are called %q", errTable, name)
			}
			t.column[name] = n
		}
		return nil
	}
	if len(t.rows) == mostRows {
		return fmt.Errorf("%w: it has more than %d rows", errTable, mostRows)
	}
	if strings.TrimSpace(strings.Join(row, "")) == "" {
		return nil
	}
	t.rows, t.lines = append(t.rows, row), append(t.lines, line)
	return nil
}

// cell is the content of a column in a row, and whether the column is there.
func (t *table) cell(row int, name string) (string, bool) {
	n, ok := t.column[name]
	if !ok || n >= len(t.rows[row]) {
		return "", ok
	}
	return plainCell(t.rows[row][n]), true
}
