package alerts

import "slices"

// CaseFamily is what the desk knows of the people around the children of a case,
// and of the children's papers.
type CaseFamily struct {
	// Household is who lives with the child.
	Household string `bson:"household,omitempty" class:"P3,sealed"`
	// Taker is who is thought to have taken the child, TakerRelation what they
	// are to it, and TakerLooks what they look like and drive.
	Taker         string `bson:"taker,omitempty" class:"P3,sealed"`
	TakerRelation string `bson:"taker_relation,omitempty" class:"P3,sealed"`
	TakerLooks    string `bson:"taker_looks,omitempty" class:"P3,sealed"`
	// Papers are the kinds of papers that the family or the desk has, PapersWhere
	// where they are and who has the others.
	Papers      []string `bson:"papers,omitempty" class:"P3"`
	PapersWhere string   `bson:"papers_where,omitempty" class:"P3,sealed"`
}

// FamilyView is a CaseFamily as it is sent and shown.
type FamilyView struct {
	Household     string   `json:"household,omitempty"`
	Taker         string   `json:"taker,omitempty"`
	TakerRelation string   `json:"taker_relation,omitempty"`
	TakerLooks    string   `json:"taker_looks,omitempty"`
	Papers        []string `json:"papers,omitempty"`
	PapersWhere   string   `json:"papers_where,omitempty"`
}

// FamilyPatch changes parts of what is known of the family.
type FamilyPatch struct {
	Household     *string   `json:"household,omitempty"`
	Taker         *string   `json:"taker,omitempty"`
	TakerRelation *string   `json:"taker_relation,omitempty"`
	TakerLooks    *string   `json:"taker_looks,omitempty"`
	Papers        *[]string `json:"papers,omitempty"`
	PapersWhere   *string   `json:"papers_where,omitempty"`
}

// FamilyPapers returns the kinds of papers that a case may say there are.
func FamilyPapers() []string {
	return []string{"birth_certificate", "identity_card", "passport", "custody_decision", "protection_order", "medical_record", "school_record", "police_report", "translation"}
}

func (in *FamilyView) inspect(i *inspection) {
	i.text("family.household", &in.Household, maxNote)
	i.text("family.taker", &in.Taker, maxNameText)
	i.text("family.taker_relation", &in.TakerRelation, maxLine)
	i.text("family.taker_looks", &in.TakerLooks, maxNote)
	i.text("family.papers_where", &in.PapersWhere, maxNote)
	if len(in.Papers) > len(FamilyPapers()) {
		i.Add("family.papers", "too_many", "These are too many.")
		return
	}
	for _, p := range in.Papers {
		oneOf(i, "family.papers", p, FamilyPapers())
	}
	in.Papers = slices.Compact(slices.Sorted(slices.Values(in.Papers)))
}

func (p *patching) family(in *FamilyPatch) {
	if in == nil {
		return
	}
	was, next := p.Family, FamilyView(p.Family)
	set(&next.Household, in.Household)
	set(&next.Taker, in.Taker)
	set(&next.TakerRelation, in.TakerRelation)
	set(&next.TakerLooks, in.TakerLooks)
	set(&next.PapersWhere, in.PapersWhere)
	set(&next.Papers, in.Papers)
	next.inspect(&p.inspection)
	p.Family = CaseFamily(next)
	p.note("family", !was.same(&p.Family))
}

func (f *CaseFamily) same(o *CaseFamily) bool {
	return f.Household == o.Household && f.Taker == o.Taker && f.TakerRelation == o.TakerRelation && f.TakerLooks == o.TakerLooks &&
		f.PapersWhere == o.PapersWhere && slices.Equal(f.Papers, o.Papers)
}

// familyView shows what is known of the family, nil for nothing.
func familyView(l lens, f *CaseFamily) *FamilyView {
	if !l.sees(P3) || f.same(&CaseFamily{}) {
		return nil
	}
	v := FamilyView(*f)
	return &v
}
