package partners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Import is what a file would change in the directory, or has changed.
type Import struct {
	// Applied tells whether it was carried out. Nothing is when a cell is wrong.
	Applied bool        `json:"applied"`
	New     int         `json:"new"`
	Changed int         `json:"changed"`
	Same    int         `json:"same"`
	Rows    []ImportRow `json:"rows"`
	Wrong   []WrongCell `json:"wrong"`
}

// ImportRow is one row of a file.
type ImportRow struct {
	Line int    `json:"line"`
	Name string `json:"name"`
	ID   string `json:"id,omitempty"`
	// What is new, changed or same; Columns are those that change.
	What    string   `json:"what"`
	Columns []string `json:"columns,omitempty"`
}

// WrongCell is one cell of a file that cannot be taken. Line counts from 1, as
// spreadsheets do; 1 is the head.
type WrongCell struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ExportInstitutions returns the directory as a table. Those who may not see
// people get it without them; reading them is recorded first.
func (d *Desk) ExportInstitutions(ctx context.Context, a alerts.Actor) ([]byte, error) {
	if !d.readsDirectory(a) {
		return nil, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	people := d.seesPeople(a)
	if people {
		if err := d.Reads.Record(ctx, a, "institutions.csv", alerts.P10); err != nil {
			return nil, err
		}
	}
	return writeDirectory(d.board.Institutions(), people)
}

// errImport ends a rule that was only to look, or that found wrong cells.
var errImport = errors.New("nothing is imported")

// ImportInstitutions reads a table: rows with an id change that entry as the
// version in the row knows it, rows without one are new. All of it is done in
// one change, and nothing when a cell is wrong or apply is not set.
func (d *Desk) ImportInstitutions(ctx context.Context, a alerts.Actor, file []byte, apply bool, r alerts.Request) (Import, error) {
	t, err := readTable(file)
	if err != nil {
		return Import{}, &alerts.Error{Code: alerts.Invalid, Message: "Some fields need another look.", Err: err,
			Fields: []alerts.FieldError{{Field: "file", Code: "table", Message: "The file cannot be read as a table: " + strings.TrimPrefix(err.Error(), errTable.Error()+": ")}}}
	}
	_, zone, err := d.board.rules()
	if err != nil {
		return Import{}, err
	}
	var out Import
	if !apply {
		r = alerts.Request{} // a look leaves nothing behind that a repeat could find
	}
	done, err := d.Do(ctx, a, "institution.import", r, func(v *journal.View) (journal.Outcome, error) {
		in := &importing{desk: d, actor: a, table: t, view: v, zone: zone, names: d.namesOf(v)}
		documents := in.read()
		out = in.out
		if !apply || len(out.Wrong) > 0 || len(documents) == 0 {
			return journal.Outcome{}, errImport
		}
		out.Applied = true
		return journal.Outcome{Documents: documents}, nil
	})
	switch {
	case errors.Is(err, errImport):
		return out, nil
	case err != nil:
		return Import{}, err
	case !out.Applied: // a repeat: the rule did not run again
		out = Import{Applied: true, Rows: []ImportRow{}, Wrong: []WrongCell{}, Changed: len(done.Keys)}
	}
	return out, nil
}

// importing is a table on its way into the directory.
type importing struct {
	desk  *Desk
	actor alerts.Actor
	table *table
	view  *journal.View
	zone  *time.Location
	// names are the entries there are by what they are called, so that a file
	// that is imported twice does not double the directory.
	names map[string]string
	seen  map[string]int
	out   Import
}

func (d *Desk) namesOf(v *journal.View) map[string]string {
	out := map[string]string{}
	for _, i := range d.board.Institutions() {
		out[i.sameAs()] = i.ID
	}
	for _, p := range v.Pending("institutions") {
		if i, ok := p.(*Institution); ok {
			out[i.sameAs()] = i.ID
		}
	}
	return out
}

// sameAs is what two entries must not share.
func (i *Institution) sameAs() string {
	return strings.ToLower(i.Country + "\x00" + i.Kind + "\x00" + i.Name + "\x00" + i.Area)
}

// read returns the documents that change.
func (in *importing) read() []journal.Document {
	in.out, in.seen = Import{Rows: []ImportRow{}, Wrong: []WrongCell{}}, map[string]int{}
	for name := range in.table.column {
		if !slices.Contains(directoryColumns(), name) {
			in.wrong(1, name, "unknown_column", "There is no such column.")
		}
	}
	for _, name := range []string{"name", "kind", "country"} {
		if _, ok := in.table.column[name]; !ok {
			in.wrong(1, name, "missing_column", "This column is needed.")
		}
	}
	slices.SortFunc(in.out.Wrong, func(x, y WrongCell) int { return strings.Compare(x.Column, y.Column) })
	if len(in.out.Wrong) > 0 {
		return nil
	}
	var out []journal.Document
	for n := range in.table.rows {
		if i := in.row(n); i != nil {
			out = append(out, i)
		}
	}
	return out
}

func (in *importing) wrong(line int, column, code, message string) {
	in.out.Wrong = append(in.out.Wrong, WrongCell{line, column, code, message})
}

// row reads one row and returns the entry when it changes.
func (in *importing) row(n int) *Institution {
	line, before := in.table.lines[n], len(in.out.Wrong)
	old := in.old(n, line)
	next := &Institution{}
	if old != nil {
		c := *old
		next = &c
	}
	c := &cells{importing: in, row: n, line: line}
	c.take(next)
	check := newChecker(in.view.Now, in.zone)
	in.desk.checkInstitution(next, check)
	for _, f := range check.Fields {
		column, _, _ := strings.Cut(f.Field, "[")
		in.wrong(line, column, f.Code, f.Message)
	}
	in.once(next, line)
	if len(in.out.Wrong) > before {
		return nil
	}
	row := ImportRow{Line: line, Name: next.Name, ID: next.ID, What: "new"}
	if old == nil {
		next.ID = alerts.NewID(in.desk.Random)
		in.out.New++
		in.out.Rows = append(in.out.Rows, row)
		return next
	}
	was, is := directoryCells(old), directoryCells(next)
	for k, name := range directoryColumns() {
		if was[k] != is[k] {
			row.Columns = append(row.Columns, name)
		}
	}
	if row.What = "changed"; len(row.Columns) == 0 {
		row.What = "same"
		in.out.Same++
		in.out.Rows = append(in.out.Rows, row)
		return nil
	}
	in.out.Changed++
	in.out.Rows = append(in.out.Rows, row)
	return next
}

// old is the entry that a row changes, nil for a new one.
func (in *importing) old(n, line int) *Institution {
	id, _ := in.table.cell(n, "id")
	version, _ := in.table.cell(n, "version")
	id, version = strings.TrimSpace(id), strings.TrimSpace(version)
	if id == "" {
		return nil
	}
	i, err := journal.Load[*Institution](in.view, "institutions", id)
	if err != nil {
		in.wrong(line, "id", "unknown_institution", "There is no such institution in the directory.")
		return nil
	}
	switch v, err := strconv.Atoi(version); {
	case version == "":
		in.wrong(line, "version", "required", "This is needed.")
	case err != nil || v != i.Version:
		in.wrong(line, "version", "stale", "Somebody has changed this entry since the file was made. Export it again.")
	}
	return i
}

// once refuses two rows for one entry, and new entries that are there already.
func (in *importing) once(i *Institution, line int) {
	key := "new " + i.sameAs()
	if i.ID != "" {
		key = i.ID
	}
	if first, twice := in.seen[key]; twice {
		in.wrong(line, "name", "twice", fmt.Sprintf("Line %d is about the same institution.", first))
		return
	}
	in.seen[key] = line
	if id, there := in.names[i.sameAs()]; there && i.ID == "" {
		in.wrong(line, "name", "duplicate", "This institution is in the directory already, with the id "+id+".")
	}
}
