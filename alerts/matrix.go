package alerts

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// matrixCSV says who may see what in which stage, do which act, and reach which
// route. Columns: kind, role, subject, stages, condition.
//
//go:embed matrix.csv
var matrixCSV []byte

// Matrix is matrix.csv in memory. What it does not name is refused. It never
// changes and is safe for concurrent use.
type Matrix struct {
	classes map[classKey][]classRule
	// stages are the classes once more, by stage: a page of a list asks some
	// thousands of times.
	stages map[stageKey]stageRules
	acts   map[string]map[Role]bool
	routes map[string]map[Role]bool
}

type classKey struct {
	role  Role
	class Class
}

type stageKey struct {
	role  Role
	state State
}

// stageRules are what one role may see in one stage, by place in Classes; nil
// where that is nothing.
type stageRules []*classRule

// classRule allows one role one class in some stages, under conditions that
// must all hold.
type classRule struct {
	stages string // letters
	words  []string
}

// Words of the condition column. Grounds must hold for the row to count; parts
// say that only a part of the class is meant, which only the projections made
// for it know how to cut, so that May refuses the class as a whole.
const (
	onAssigned   = "assigned"           // assigned to the case
	onOwn        = "own"                // about themselves, by a code
	onNamed      = "named"              // named on the matter
	onArea       = "area"               // addressed because of their area
	onStepUp     = "step_up"            // has just proved who they are
	onTipster    = "allowed_by_tipster" // the tipster left it to be asked
	onBreakGlass = "break_glass"        // emergency access, reasoned and reviewed
	onRequest    = "on_request"         // on a written request that is on file
)

var errMatrix = errors.New("matrix.csv")

// conditionWords returns every word that the column may hold: grounds, then
// parts.
func conditionWords() []string {
	return []string{onAssigned, onOwn, onNamed, onArea, onStepUp, onTipster, onBreakGlass, onRequest,
		"own_entries", "own_sector", "own_deliveries", "sectors", "first_name_photo", "name_photo",
		"needed_items", "coarse", "summary", "redacted", "accounts"}
}

// LoadMatrix reads the embedded matrix. It refuses unknown kinds, roles,
// classes, stage letters and condition words, duplicates, and a role without a
// row for each class.
func LoadMatrix() (*Matrix, error) { return readMatrix(bytes.NewReader(matrixCSV)) }

func readMatrix(r io.Reader) (*Matrix, error) {
	m := &Matrix{classes: map[classKey][]classRule{}, stages: map[stageKey]stageRules{}, acts: map[string]map[Role]bool{}, routes: map[string]map[Role]bool{}}
	rows := csv.NewReader(r)
	rows.Comment = '#'
	rows.FieldsPerRecord = 5
	header, err := rows.Read()
	if err != nil || strings.Join(header, ",") != "kind,role,subject,stages,condition" {
		return nil, fmt.Errorf("%w: the first line must be kind,role,subject,stages,condition", errMatrix)
	}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return m, m.complete()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errMatrix, err)
		}
		line, _ := rows.FieldPos(0)
		if err := m.add(row); err != nil {
			return nil, fmt.Errorf("%w line %d: %w", errMatrix, line, err)
		}
	}
}

func (m *Matrix) add(row []string) error {
	kind, subject := row[0], row[2]
	roles, err := readRoles(row[1], kind)
	if err != nil {
		return err
	}
	for _, role := range roles {
		switch kind {
		case "class":
			err = m.addClass(role, Class(subject), row[3], row[4])
		case "act":
			err = addOnce(m.acts, subject, role, row[3:])
		case "route":
			if method, path, ok := strings.Cut(subject, " "); !ok || method != strings.ToUpper(method) || !strings.HasPrefix(path, "/") {
				return fmt.Errorf("%q is not of the form METHOD /path", subject)
			}
			err = addOnce(m.routes, subject, role, row[3:])
		default:
			err = fmt.Errorf("unknown kind %q", kind)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readRoles reads one role, several with spaces between, or * for all. Classes
// take one role a row, so that the table reads like the policy.
func readRoles(s, kind string) ([]Role, error) {
	if s == "*" && kind != "class" {
		return append(Roles(), RoleSystem), nil
	}
	var out []Role
	for word := range strings.FieldsSeq(s) {
		if r := Role(word); !r.Valid() && (r != RoleSystem || kind == "class") {
			return nil, fmt.Errorf("unknown role %q", word)
		}
		out = append(out, Role(word))
	}
	if len(out) == 0 || kind == "class" && len(out) > 1 {
		return nil, fmt.Errorf("%q does not name the role", s)
	}
	return out, nil
}

func addOnce(to map[string]map[Role]bool, subject string, role Role, rest []string) error {
	if subject == "" || rest[0] != "" || rest[1] != "" {
		return fmt.Errorf("%q needs a subject and takes no stages or condition", subject)
	}
	if to[subject][role] {
		return fmt.Errorf("%s is there twice for %s", subject, role)
	}
	if to[subject] == nil {
		to[subject] = map[Role]bool{}
	}
	to[subject][role] = true
	return nil
}

// addClass reads stages (letters, * for all, - for never) and the condition.
func (m *Matrix) addClass(role Role, class Class, stages, condition string) error {
	if !class.Valid() {
		return fmt.Errorf("unknown class %q", class)
	}
	switch stages {
	case "*":
		stages = stageLetters
	case "-":
		stages = ""
	case "":
		return errors.New("no stages; never is written -")
	}
	key := classKey{role, class}
	for i, letter := range stages {
		if !strings.ContainsRune(stageLetters, letter) || strings.ContainsRune(stages[:i], letter) {
			return fmt.Errorf("stages %q: %q is unknown or there twice", stages, letter)
		}
		for _, rule := range m.classes[key] {
			if strings.ContainsRune(rule.stages, letter) {
				return fmt.Errorf("%s %s has two rows for stage %q", role, class, letter)
			}
		}
	}
	words := strings.Fields(condition)
	for _, w := range words {
		if !slices.Contains(conditionWords(), w) {
			return fmt.Errorf("unknown condition %q", w)
		}
	}
	if stages == "" && (len(words) > 0 || len(m.classes[key]) > 0) {
		return fmt.Errorf("%s %s: never takes no condition and no other row", role, class)
	}
	m.classes[key] = append(m.classes[key], classRule{stages, words})
	return nil
}

func (m *Matrix) complete() error {
	for _, role := range Roles() {
		for place, class := range Classes() {
			rules := m.classes[classKey{role, class}]
			if len(rules) == 0 {
				return fmt.Errorf("%w: no row for %s %s", errMatrix, role, class)
			}
			for i, state := range States() {
				for _, r := range rules {
					if strings.IndexByte(r.stages, stageLetters[i]) < 0 {
						continue
					}
					key := stageKey{role, state}
					if m.stages[key] == nil {
						m.stages[key] = make(stageRules, len(Classes()))
					}
					m.stages[key][place] = &r
				}
			}
		}
	}
	return nil
}
