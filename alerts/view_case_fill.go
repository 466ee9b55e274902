package alerts

// caseClasses are the classes that the fields of a case have.
func caseClasses() []Class { return []Class{P0, P1, P2, P3, P4, P5, P9, P10} }

// ViewCase returns what the actor sees of a case. It records no read.
func (d *Desk) ViewCase(a Actor, c *Case) CaseView { return d.caseView(a, c) }

// CaseClasses returns the classes of the case that ViewCase shows to the actor.
func (d *Desk) CaseClasses(a Actor, c *Case) []Class { return d.lensOn(a, c).shown(caseClasses()...) }

func (d *Desk) caseView(a Actor, c *Case) CaseView {
	l := d.lensOn(a, c)
	v := viewCase(l, c)
	if l.sees(Ref) {
		v.May = l.acts(c)
		v.Merged = d.leading(a, v.Merged)
		v.NotSame = d.apartSeen(a, v.NotSame)
		v.Tasks = append(v.Tasks, d.mergedTasks(a, c.ID)...)
	}
	return v
}

// viewCase is the allow-list of a case.
func viewCase(l lens, c *Case) CaseView {
	if !l.sees(Ref) {
		return CaseView{Children: []ChildView{}, May: map[string]bool{}, Withheld: caseClasses()}
	}
	v := CaseView{
		ID: c.ID, Number: c.CaseNumber, State: c.State, Version: c.Version, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		Category:      only(l, c.Category, P0),
		Circumstances: only(l, c.Circumstances, P3),
		Family:        familyView(l, &c.Family),
		Team:          only(l, c.Team, P10),
		Restricted:    only(l, c.Restricted, P10),
		Photos:        photoViews(l, c.Photos, P1),
		Parties:       partyViews(l, c.Parties),
		Hidden:        hidingViews(l, c.Hidden),
		Frozen:        freezeViews(l, c.Frozen),
		NotSame:       apartViews(l, c.NotSame),
		Merged:        mergingView(l, c.Merged),
		Children:      make([]ChildView, len(c.Children)),
		May:           map[string]bool{},
		Withheld:      l.withheld(caseClasses()...),
	}
	for i := range c.Children {
		v.Children[i] = childView(l, &c.Children[i])
	}
	if l.sees(P10) {
		for _, h := range c.Categories {
			v.CategoryHistory = append(v.CategoryHistory, CategoryView{h.Category, h.At, h.By, only(l, h.Reason, P5)})
		}
		for _, e := range c.Edits {
			v.Edits = append(v.Edits, EditView(e))
		}
	}
	if s := c.LastSeen; l.sees(P2) {
		v.LastSeen = &LastSeenView{s.At, s.PrecisionMin, s.Place, s.AccuracyM, s.Label}
	}
	if l.sees(P3) {
		v.Police = policeView(&c.Police)
	}
	v.RiskHistory = riskViews(l, c.Risks)
	if n := len(v.RiskHistory); n > 0 {
		v.Risk = &v.RiskHistory[n-1]
	}
	v.Consents, v.Decisions = consentViews(l, c.Consents), decisionViews(l, c.Decisions)
	if f := c.FollowUp; l.sees(P10) && f != (FollowUp{}) {
		v.FollowUp = &FollowUpView{f.Owner, f.DueAt, only(l, f.Note, P5)}
	}
	workViews(l, c, &v)
	v.Documents = documentViews(l, &c.Documents)
	v.Interviews, v.Holds = interviewViews(l, c.Interviews), holdViews(l, c.Holds)
	v.Erasing = erasingView(l, c.Erasing)
	v.Closing = closingView(l, c.Closing)
	for i := range c.Reopened {
		v.Reopened = append(v.Reopened, *closingView(l, &c.Reopened[i]))
	}
	return v
}

func childView(l lens, c *Child) ChildView {
	v := ChildView{
		ID:        c.ID,
		Names:     only(l, c.Names, P1),
		Sex:       only(l, c.Sex, P1),
		BirthDate: only(l, c.BirthDate, P1),
		Home:      only(l, c.Home, P2),
		Needs:     only(l, c.Needs, P4),
		Outcome:   only(l, c.Outcome, P5),
		Episodes:  only(l, c.Episodes, P3),
	}
	if d := c.Description; l.sees(P0) && d != (Description{}) {
		v.Description = &d
	}
	if l.rules.part(l.actor, P1, l.grounds) == "first_name_photo" {
		v.FirstName = firstName(c)
	}
	return v
}

// firstName is the given name that a child is called by.
func firstName(c *Child) string {
	best := ""
	for _, n := range c.Names {
		if n.Given != "" && (best == "" || n.Kind == "used") {
			best = n.Given
		}
	}
	return best
}

// photoViews shows photos to who may see the class that holds them.
func photoViews(l lens, photos []Photo, class Class) []PhotoView {
	if !l.sees(class) {
		return nil
	}
	var out []PhotoView
	for i := range photos {
		if p := &photos[i]; !p.showsOthers() || l.seesOriginals() {
			out = append(out, PhotoView{p.ID, p.Child, p.Main, p.TakenOn, p.Width, p.Height, only(l, p.AddedBy, P10), p.AddedAt, photoFactsOf(l, p)})
		}
	}
	return out
}

func riskViews(l lens, risks []RiskGrade) []RiskView {
	if !l.sees(P5) {
		return nil
	}
	var out []RiskView
	for _, r := range risks {
		out = append(out, RiskView{r.Grade, r.Factors, r.Indicators, r.IndicatorsAsked, r.Note, only(l, r.Assessor, P10), r.At})
	}
	return out
}

func consentViews(l lens, consents []Consent) []ConsentView {
	if !l.sees(P10) {
		return nil
	}
	var out []ConsentView
	for _, c := range consents {
		out = append(out, ConsentView{ID: c.ID, Class: c.Class, Audience: c.Audience, Purpose: c.Purpose, Basis: c.Basis,
			GivenBy: only(l, c.GivenBy, P3), Party: only(l, c.Party, P3), ExpiresAt: c.ExpiresAt, RecordedBy: c.RecordedBy, RecordedAt: c.RecordedAt, WithdrawnAt: c.WithdrawnAt})
	}
	return out
}

func decisionViews(l lens, decisions []Decision) []DecisionView {
	var out []DecisionView
	for _, d := range decisions {
		v := DecisionView{ID: d.ID, Level: d.Level, DecidedAt: d.DecidedAt, RecordedAt: d.RecordedAt, RecordedBy: only(l, d.RecordedBy, P10)}
		if l.sees(P3) {
			v.Authority, v.Person, v.Basis, v.Reference = d.Authority, d.Person, d.Basis, d.Reference
		}
		out = append(out, v)
	}
	return out
}

func closingView(l lens, c *Closing) *ClosingView {
	if c == nil {
		return nil
	}
	v := &ClosingView{At: c.At, ClosedAt: c.ClosedAt, ConfirmedAt: c.ConfirmedAt, Whereabouts: only(l, c.Whereabouts, P9)}
	if l.sees(P5) {
		v.Outcome, v.Note, v.ReopenedFor = c.Outcome, c.Note, c.ReopenedFor
	}
	if l.sees(P10) {
		v.By, v.ConfirmedBy, v.Before = c.By, c.ConfirmedBy, c.Before
		v.ReopenedBy, v.ReopenedAt = c.ReopenedBy, c.ReopenedAt
	}
	return v
}

// ViewCaseItem returns what the actor sees of a case in a list.
func (d *Desk) ViewCaseItem(a Actor, c *Case) CaseListItem { return viewCaseItem(d.lensOn(a, c), c) }

func viewCaseItem(l lens, c *Case) CaseListItem {
	if !l.sees(Ref) {
		return CaseListItem{}
	}
	v := CaseListItem{
		ID: c.ID, Number: c.CaseNumber, State: c.State, Children: len(c.Children),
		Version: c.Version, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		Category:   only(l, c.Category, P0),
		LastSeenAt: only(l, c.LastSeen.At, P2),
		PoliceTold: only(l, !c.Police.ReportedAt.IsZero(), P3),
		FollowUpAt: only(l, c.FollowUp.DueAt, P10),
		Restricted: only(l, c.Restricted, P10),
	}
	if len(c.Children) > 0 {
		v.FirstName = only(l, firstName(&c.Children[0]), P1)
	}
	if n := len(c.Risks); n > 0 {
		v.Grade = only(l, c.Risks[n-1].Grade, P5)
	}
	return v
}

// acts tells which commands on a case the viewer may try now; each command's own
// rule still decides.
func (l lens) acts(c *Case) map[string]bool {
	can := func(act string) bool { return l.matrix.Can(l.actor.Role, act) }
	over := c.State.Ended() || c.Merged != nil
	return map[string]bool{
		"patch":           can("case.patch") && !over,
		"close":           can("case.close") && !over,
		"reopen":          can("case.reopen") && c.State.Ended() && c.Merged == nil,
		"confirm_closing": can("case.confirm_closing") && c.Closing != nil && c.Closing.ConfirmedBy == "" && c.Closing.By != l.actor.ID,
		"consent":         can("case.consent") && !over,
		"decide":          can("case.decide") && !over,
		"photo":           can("case.photo") && !over,
		"document":        can("case.document") && workable(c) == nil,
		"draft_alert":     can("alert.draft") && !over,
		"open_matter":     can("matter.open") && !over,
		"merge":           can("case.merge") && c.Merged == nil,
		"unmerge":         can("case.merge") && c.Merged != nil,
		"hide":            can("case.hide"),
		"unhide":          can("case.unhide"),
		"step":            can("case.step") && workable(c) == nil,
		"task":            can("case.task") && workable(c) == nil,
		"link":            can("case.link"),
		"interview":       can("case.interview") && c.State == StateFound && c.Merged == nil,
	}
}
