package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

type caseEditData struct {
	caseFrame
	Form       *Form
	Categories []alerts.Category
	Sexes      []string
	Kinds      []string
	Grades     []string
	Staff      []Choice
	// Was is the case as it stood when the form was made, so that only what
	// somebody touched is sent.
	Was string
	// Collisions say who changed what meanwhile, and Theirs the fields that
	// both changed, with what the other wrote.
	Collisions []alerts.EditView
	Theirs     []collision
}

// collision is a field that two people changed: what the other one wrote.
type collision struct{ Field, Theirs string }

func (s *Server) caseEditPage(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	f := s.caseForm(&frame.Case)
	return s.showCaseEdit(c, caseEditData{caseFrame: frame, Form: f, Was: f.Values.Encode()})
}

func (s *Server) showCaseEdit(c *fiber.Ctx, d caseEditData) error {
	d.Categories, d.Sexes, d.Kinds = alerts.Categories(), alerts.Sexes(), alerts.NameKinds()
	d.Grades, d.Staff = alerts.RiskGrades(), s.staff()
	return s.render(c, layoutConsole, "case_edit", d)
}

// caseEdited saves what somebody changed. When somebody else was faster nothing
// is saved: the form comes back with what both wrote.
func (s *Server) caseEdited(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	f.tidyChildren()
	was, err := url.ParseQuery(f.Get("was"))
	if err != nil {
		return fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	version, _ := strconv.Atoi(f.Get("version"))
	grew := s.formGrew(c, f)
	if !grew {
		in := f.patch(&Form{Values: was, zone: f.zone})
		if len(f.Errors) == 0 {
			_, err = s.Alerts.PatchCase(c.UserContext(), a, c.Params("id"), version, in, s.request(c, a, c.Body()))
			if err == nil {
				return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
			}
		}
	}
	frame, errFrame := s.caseFrameOf(c, a, "overview")
	if errFrame != nil {
		return errFrame
	}
	d := caseEditData{caseFrame: frame, Form: f, Was: f.Get("was")}
	switch {
	case grew:
		d.Case.Version = version
		return s.showCaseEdit(c, d)
	case alerts.CodeOf(err) == alerts.Stale:
		s.collide(&d, was, version)
		c.Status(fiber.StatusPreconditionFailed)
	case err == nil || f.Refused(err):
		d.Case.Version = version
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return s.showCaseEdit(c, d)
}

// collide brings two people's work together on the form: what only the other
// touched is taken over, what this one typed stays and is named.
func (s *Server) collide(d *caseEditData, was url.Values, version int) {
	for _, e := range d.Case.Edits {
		if e.Version > version {
			d.Collisions = append(d.Collisions, e)
		}
	}
	now := s.caseForm(&d.Case)
	d.Was = now.Values.Encode()
	typed := d.Form.Values
	base, mine, theirs := byChild(was), byChild(typed), byChild(now.Values)
	for k, v := range mine {
		switch {
		case strings.HasSuffix(k, ".count"):
		case v == base[k]: // untouched here: theirs stands
		case !strings.Contains(k, ".") && now.Values[k] == nil: // the form's own
			now.Values[k] = typed[k]
		default:
			if theirs[k] != base[k] && theirs[k] != v {
				d.Theirs = append(d.Theirs, collision{onForm(k, now), theirs[k]})
			}
			now.Set(onForm(k, now), v)
		}
	}
	now.Values["risk.factors"] = typed["risk.factors"]
	now.tidyChildren()
	d.Form = now
}

// byChild names the fields of a form by the children's ids in place of their
// positions, which another person may have changed.
func byChild(values url.Values) map[string]string {
	out := map[string]string{}
	for k := range values {
		out[childKey(k, values)] = strings.TrimSpace(values.Get(k))
	}
	return out
}

func childKey(k string, values url.Values) string {
	at, rest, ok := strings.Cut(k, "]")
	if !ok || !strings.HasPrefix(at, "children[") {
		return k
	}
	id := values.Get(at + "].id")
	if id == "" {
		id = "new" + strings.TrimPrefix(at, "children[")
	}
	return "children{" + id + "}" + rest
}

// onForm is the name of a child's field on a form; a child that is not on it is
// added at its end.
func onForm(k string, f *Form) string {
	at, rest, ok := strings.Cut(k, "}")
	if !ok {
		return k
	}
	id := strings.TrimPrefix(at, "children{")
	n := f.count("children", formChildren)
	for i := range n {
		if f.Get(childPath(i)+".id") == id || f.Get(childPath(i)+".mark") == id {
			f.grow(childPath(i), rest)
			return childPath(i) + rest
		}
	}
	f.setCount("children", n+1)
	f.Set(childPath(n)+".mark", id)
	f.grow(childPath(n), rest)
	return childPath(n) + rest
}

// grow makes room for a name that is beyond those on the form.
func (f *Form) grow(child, rest string) {
	if at, _, ok := strings.Cut(strings.TrimPrefix(rest, ".names["), "]"); ok && strings.HasPrefix(rest, ".names[") {
		if k, err := strconv.Atoi(at); err == nil && k+1 > f.count(child+".names", formNames) {
			f.setCount(child+".names", k+1)
		}
	}
}

// patch is what somebody changed on the form since it was made.
func (f *Form) patch(was *Form) alerts.CasePatch {
	changed := func(names ...string) bool {
		for _, n := range names {
			if f.Get(n) != was.Get(n) {
				return true
			}
		}
		return false
	}
	in := alerts.CasePatch{Risk: f.risk(), Children: f.childPatches(was), LastSeen: f.lastSeenPatch(changed)}
	if changed("category") {
		category := alerts.Category(f.Get("category"))
		in.Category, in.CategoryReason = &category, f.Get("category_reason")
	}
	in.Circumstances = f.textIf(changed, "circumstances")
	if p := (alerts.PolicePatch{
		ReportedAt: f.whenIf(changed, "police.reported_at"), Unit: f.textIf(changed, "police.unit"), Reference: f.textIf(changed, "police.reference"),
	}); p != (alerts.PolicePatch{}) {
		in.Police = &p
	}
	if u := (alerts.FollowUpPatch{
		DueAt: f.whenIf(changed, "follow_up.due_at"), Owner: f.textIf(changed, "follow_up.owner"), Note: f.textIf(changed, "follow_up.note"),
	}); u != (alerts.FollowUpPatch{}) {
		in.FollowUp = &u
	}
	return in
}

// textIf and whenIf leave out what nobody touched: it may be something that this
// reader does not even see.
func (f *Form) textIf(changed func(...string) bool, name string) *string {
	if !changed(name) {
		return nil
	}
	return f.pointer(name)
}

func (f *Form) whenIf(changed func(...string) bool, name string) alerts.Optional[time.Time] {
	if !changed(name+".date", name+".time") {
		return alerts.Optional[time.Time]{}
	}
	return alerts.Some(f.When(name))
}

func (f *Form) pointer(name string) *string {
	v := f.Get(name)
	return &v
}

func (f *Form) lastSeenPatch(changed func(...string) bool) *alerts.LastSeenPatch {
	in := &alerts.LastSeenPatch{At: f.whenIf(changed, "last_seen.at"), Label: f.textIf(changed, "last_seen.label")}
	if changed("last_seen.place.lat", "last_seen.place.lon", "last_seen.place.choice") {
		in.Place = alerts.Some[*geo.Point](f.Point("last_seen.place"))
	}
	if changed("last_seen.precision_min") {
		n := f.Number("last_seen.precision_min")
		in.PrecisionMin = &n
	}
	if changed("last_seen.accuracy_m") {
		m := f.Decimal("last_seen.accuracy_m")
		in.AccuracyM = &m
	}
	if *in == (alerts.LastSeenPatch{}) {
		return nil
	}
	return in
}

// childPatches has every child of the form in its order, so that faults find
// their fields; those that nobody touched say nothing.
func (f *Form) childPatches(was *Form) []alerts.ChildPatch {
	before := map[string]childBlock{}
	for _, b := range was.ChildBlocks() {
		before[b.ID] = b
	}
	var out []alerts.ChildPatch
	for _, b := range f.ChildBlocks() {
		old, known := before[b.ID]
		known = known && b.ID != ""
		p := alerts.ChildPatch{ID: b.ID, Remove: f.On(b.Path + ".remove")}
		touched := func(field string) bool { return !known || f.Get(b.Path+field) != was.Get(old.Path+field) }
		if names := f.names(b); !known && len(names) > 0 || known && !sameNames(names, was.names(old)) {
			p.Names = &names
		}
		if touched(".sex") && f.Get(b.Path+".sex") != "" {
			p.Sex = f.pointer(b.Path + ".sex")
		}
		if touched(".birth_date") {
			p.BirthDate = f.pointer(b.Path + ".birth_date")
		}
		if touched(".home") {
			p.Home = f.pointer(b.Path + ".home")
		}
		if touched(".needs") {
			p.Needs = f.pointer(b.Path + ".needs")
		}
		if d := f.description(b.Path + ".description."); !known || d != was.description(old.Path+".description.") {
			p.Description = &d
		}
		if known || p.Names != nil || *p.Description != (alerts.Description{}) || *p.BirthDate+*p.Home+*p.Needs != "" {
			out = append(out, p)
		}
	}
	return out
}

func sameNames(a, b []alerts.Name) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
