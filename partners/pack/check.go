package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"homeward/alerts"
)

// readLetters reads the texts of the letters. Their first line is the subject.
func (d *Data) readLetters() error {
	for i := range d.Templates {
		t := &d.Templates[i]
		for lang, into := range map[string][2]*string{"en": {&t.subject.EN, &t.body.EN}, "sr": {&t.subject.SR, &t.body.SR}} {
			raw, err := files.ReadFile("letters/" + t.ID + "." + lang + ".txt")
			if err != nil {
				return err
			}
			*into[0], *into[1], _ = strings.Cut(string(raw), "\n")
			*into[1] = strings.TrimSpace(*into[1])
		}
	}
	return nil
}

func (d *Data) check() error {
	var errs []error
	seen := map[string]bool{}
	name := func(kind, id string, w Wording) {
		if id == "" || seen[kind+id] || w.EN == "" || w.SR == "" {
			errs = append(errs, fmt.Errorf("%s %q: it has no text in both languages, or stands twice", kind, id))
		}
		seen[kind+id] = true
	}
	basis := func(id string, b Basis) {
		if b.Source == "" || !strings.HasPrefix(b.Link, "http") {
			errs = append(errs, fmt.Errorf("%s: source or link is missing", id))
		}
	}
	for _, r := range d.Rows {
		name("paper", r.ID, r.Wording)
		basis(r.ID, r.Basis)
		errs = append(errs, private(r.ID, r.Classes, r.Hide))
		if r.Need != "required" && r.Need != "if_any" || len(r.Classes) == 0 || (r.NoteEN == "") != (r.NoteSR == "") {
			errs = append(errs, fmt.Errorf("paper %s: need, classes or note", r.ID))
		}
	}
	for _, r := range d.Recipients {
		name("recipient", r.ID, r.Wording)
		errs = append(errs, private(r.ID, r.Classes, nil))
	}
	basis("form", d.Form.Basis)
	for _, s := range d.Form.Sections {
		name("section", s.ID, s.Wording)
		for _, f := range s.Fields {
			name("field", f.ID, f.Wording)
			errs = append(errs, private(f.ID, []alerts.Class{f.Class}, f.Hide))
			if (s.Each == "child") != strings.HasPrefix(f.ID, "child.") {
				errs = append(errs, fmt.Errorf("field %s stands under the wrong heading", f.ID))
			}
		}
	}
	for _, t := range d.Templates {
		name("letter", t.ID, t.Wording)
		basis(t.ID, t.Basis)
		errs = append(errs, d.checkLetter(&t))
	}
	return errors.Join(errs...)
}

// outward are the only classes that any recipient may ever get: never notes on
// safety, reporters, tips, or where a found child is.
func outward() []alerts.Class {
	return []alerts.Class{alerts.P0, alerts.P1, alerts.P2, alerts.P3}
}

func private(id string, classes []alerts.Class, hide []string) error {
	for _, c := range classes {
		if !slices.Contains(outward(), c) {
			return fmt.Errorf("%s: class %s never goes out", id, c)
		}
	}
	for _, h := range hide {
		if !slices.Contains(alerts.HiddenFields(), h) {
			return fmt.Errorf("%s: %q cannot be hidden", id, h)
		}
	}
	return nil
}

func (d *Data) checkLetter(t *Template) error {
	for _, r := range t.Recipients {
		if _, ok := d.Recipient(r); !ok {
			return fmt.Errorf("letter %s: there is no recipient %q", t.ID, r)
		}
	}
	for _, w := range []Wording{t.subject, t.body} {
		if len(t.Recipients) == 0 || w.EN == "" || w.SR == "" {
			return fmt.Errorf("letter %s: recipients or text are missing", t.ID)
		}
		for _, key := range append(keysIn(w.EN), keysIn(w.SR)...) {
			if !slices.Contains(Keys(), key) {
				return fmt.Errorf("letter %s: there is no fact %q", t.ID, key)
			}
		}
	}
	return nil
}
