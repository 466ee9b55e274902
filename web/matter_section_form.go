package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// maxFactRows is how many rows of a list a page takes.
const maxFactRows = 50

type matterSectionData struct {
	matterFrame
	Section factSection
	Form    *Form
	Courts  []Choice
	Stale   bool
	// Add opens the place for a further row.
	Add bool
}

// sectionIn is the section that the path names.
func (s *Server) sectionIn(c *fiber.Ctx) (factSection, error) {
	dangers, err := s.Partners.DangerCodes()
	if err != nil {
		return factSection{}, err
	}
	grounds, err := s.Partners.RefusalGrounds()
	if err != nil {
		return factSection{}, err
	}
	for _, x := range factSections(dangers, grounds) {
		if x.ID == c.Params("section") {
			return x, nil
		}
	}
	return factSection{}, fiber.ErrNotFound
}

func (s *Server) matterSectionPage(c *fiber.Ctx, a alerts.Actor) error {
	section, err := s.sectionIn(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.Matter(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	f := s.newForm("version", strconv.Itoa(v.Version))
	if err := f.setFacts(v.MatterFacts); err != nil {
		return err
	}
	return s.showSection(c, a, matterSectionData{Section: section, Form: f, Add: c.Query("add") != ""})
}

func (s *Server) showSection(c *fiber.Ctx, a alerts.Actor, d matterSectionData) error {
	var err error
	if d.matterFrame, err = s.matterFrameOf(c, a, "facts"); err != nil {
		return err
	}
	if d.Courts, err = s.institutionChoices(c, a, "court"); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_section", d)
}

func (s *Server) matterSectionSaved(c *fiber.Ctx, a alerts.Actor) error {
	section, err := s.sectionIn(c)
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	patch, err := f.facts(section)
	if err != nil {
		return err
	}
	_, err = s.Partners.PatchMatter(c.UserContext(), a, c.Params("id"), f.version(), patch, s.request(c, a, c.Body()))
	switch {
	case err == nil && f.Get("act") == "add":
		return c.Redirect(matterPath(c.Params("id"))+"/facts/"+section.ID+"?add=yes#new-"+section.Lists[0].Name, fiber.StatusSeeOther)
	case err == nil:
		return c.Redirect(matterPath(c.Params("id"))+"/facts#"+section.ID, fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		c.Status(fiber.StatusPreconditionFailed)
		return s.showSection(c, a, matterSectionData{Section: section, Form: f, Stale: true})
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showSection(c, a, matterSectionData{Section: section, Form: f})
	}
	return err
}

// setFacts fills the fields of all lists: they are named as the command's, with
// the place of the row.
func (f *Form) setFacts(facts partners.MatterFacts) error {
	b, err := json.Marshal(facts)
	if err != nil {
		return fmt.Errorf("write the facts of a matter: %w", err)
	}
	var lists map[string][]any
	if err := json.Unmarshal(b, &lists); err != nil {
		return fmt.Errorf("read the facts of a matter: %w", err)
	}
	for list, rows := range lists {
		for i, row := range rows {
			fields, ok := row.(map[string]any)
			if !ok {
				f.Values.Add(list, fmt.Sprint(row))
				continue
			}
			for name, value := range fields {
				f.setFact(factName(list, i, name), value)
			}
		}
	}
	return nil
}

func (f *Form) setFact(name string, value any) {
	switch v := value.(type) {
	case []any:
		for _, x := range v {
			f.Values.Add(name, fmt.Sprint(x))
		}
	case bool:
		f.Set(name, "yes")
	default:
		f.Set(name, fmt.Sprint(v))
	}
}

// factName is the name of a field of the ith row of a list.
func factName(list string, i int, field string) string {
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}

// facts reads the lists of a section. Rows that are empty or to be removed are
// left out, and those after them move up, in the form as well, so that what is
// wrong finds its place.
func (f *Form) facts(section factSection) (partners.MatterPatch, error) {
	var patch partners.MatterPatch
	lists := map[string]any{}
	for _, list := range section.Lists {
		lists[list.Name] = f.factRows(list)
	}
	if section.ID == "dangers" {
		lists["languages"] = orNone(f.All("languages"))
	}
	b, err := json.Marshal(lists)
	if err != nil {
		return patch, fmt.Errorf("write the facts of a form: %w", err)
	}
	if err := json.Unmarshal(b, &patch.FactsPatch); err != nil {
		return patch, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	return patch, nil
}

func (f *Form) factRows(list factList) []map[string]any {
	kept, rows := url.Values{}, []map[string]any{}
	for i := range maxFactRows {
		row := map[string]any{}
		for _, field := range list.Fields {
			if v := f.fact(factName(list.Name, i, field.Name), field.Kind); v != nil {
				row[field.Name] = v
			}
		}
		if len(row) == 0 || f.On(factName(list.Name, i, "remove")) {
			f.dropRow(list, i)
			continue
		}
		if id := f.Get(factName(list.Name, i, "id")); id != "" {
			row["id"] = id
		}
		for _, name := range append([]string{"id"}, list.names()...) {
			if v := f.Values[factName(list.Name, i, name)]; len(v) > 0 {
				kept[factName(list.Name, len(rows), name)] = v
			}
		}
		f.dropRow(list, i)
		rows = append(rows, row)
	}
	for name, v := range kept {
		f.Values[name] = v
	}
	return rows
}

func (l factList) names() []string {
	var out []string
	for _, x := range l.Fields {
		out = append(out, x.Name)
	}
	return out
}

func (f *Form) dropRow(list factList, i int) {
	for _, name := range append([]string{"id", "remove"}, list.names()...) {
		f.Values.Del(factName(list.Name, i, name))
	}
}

// fact reads one field for the command, nil when it is empty.
func (f *Form) fact(name, kind string) any {
	switch kind {
	case "countries", "languages", "checks":
		if all := f.All(name); len(all) > 0 {
			return all
		}
		return nil
	case "check":
		if f.On(name) {
			return true
		}
		return nil
	case "number":
		if n, err := strconv.Atoi(f.Get(name)); err == nil {
			return n
		}
		return nil
	}
	if s := f.Get(name); s != "" {
		return s
	}
	return nil
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// Rows are the places of the rows of a list: those that are filled in and an
// empty one.
func (d matterSectionData) Rows(list factList) []int {
	rows := []int{}
	for i := range maxFactRows {
		rows = append(rows, i)
		filled := slices.ContainsFunc(append([]string{"id"}, list.names()...), func(n string) bool { return len(d.Form.Values[factName(list.Name, i, n)]) > 0 })
		if !filled {
			break
		}
	}
	return rows
}

// Filled tells whether a row has something in it.
func (d matterSectionData) Filled(list factList, i int) bool { return i < len(d.Rows(list))-1 }

// Of names a field of a row.
func (d matterSectionData) Of(list factList, i int, field string) string {
	return factName(list.Name, i, field)
}

// Chosen are the values of a field that takes several, and two empty places.
func (d matterSectionData) Chosen(name string) []string {
	return append(slices.Clone(d.Form.All(name)), "", "")
}

// ChildChoices are the children of the matter's case.
func (d matterSectionData) ChildChoices(p *Page) []Choice {
	var out []Choice
	for _, k := range d.View.Children {
		out = append(out, Choice{k.ID, p.MatterChildName(d.View, k.ID)})
	}
	return out
}

// PartyChoices are the parties of the matter.
func (d matterSectionData) PartyChoices(p *Page) []Choice {
	var out []Choice
	for _, x := range d.View.Parties {
		out = append(out, Choice{x.ID, x.Name + " (" + p.Word("party_role", x.Role) + ")"})
	}
	return out
}
