package web

import "homeward/alerts"

// family reads what is known of the people around the children.
func (f *Form) family() alerts.FamilyView {
	return alerts.FamilyView{
		Household: f.Get("family.household"), Taker: f.Get("family.taker"), TakerRelation: f.Get("family.taker_relation"),
		TakerLooks: f.Get("family.taker_looks"), Papers: f.All("family.papers"), PapersWhere: f.Get("family.papers_where"),
	}
}

func (f *Form) setFamily(v *alerts.FamilyView) {
	if v == nil {
		return
	}
	f.Set("family.household", v.Household)
	f.Set("family.taker", v.Taker)
	f.Set("family.taker_relation", v.TakerRelation)
	f.Set("family.taker_looks", v.TakerLooks)
	f.Set("family.papers_where", v.PapersWhere)
	f.Values["family.papers"] = v.Papers
}

// familyPatch reads what was changed of it; nil for nothing.
func (f *Form) familyPatch(changed func(...string) bool) *alerts.FamilyPatch {
	in := alerts.FamilyPatch{
		Household: f.textIf(changed, "family.household"), Taker: f.textIf(changed, "family.taker"), TakerRelation: f.textIf(changed, "family.taker_relation"),
		TakerLooks: f.textIf(changed, "family.taker_looks"), PapersWhere: f.textIf(changed, "family.papers_where"),
	}
	if changed("family.papers") {
		papers := f.All("family.papers")
		in.Papers = &papers
	}
	if in == (alerts.FamilyPatch{}) {
		return nil
	}
	return &in
}

// FamilyPapers are the kinds of papers that a case may say there are.
func (p *Page) FamilyPapers() []Choice { return p.Words("family_paper", alerts.FamilyPapers()) }
