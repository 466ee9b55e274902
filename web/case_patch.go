package web

import (
	"time"

	"homeward/alerts"
	"homeward/geo"
)

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
	in.Family = f.familyPatch(changed)
	if p := (alerts.PolicePatch{
		ReportedAt: f.whenIf(changed, "police.reported_at"), Unit: f.textIf(changed, "police.unit"), Reference: f.textIf(changed, "police.reference"),
		Person: f.textIf(changed, "police.person"), WhyNot: f.textIf(changed, "police.why_not"),
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
