package web

import (
	"slices"

	"homeward/alerts"
)

// contactFrom reads a new contact from its form.
func (s *Server) contactFrom(a alerts.Actor, f *Form) alerts.NewContact {
	return alerts.NewContact{
		Channel: f.Get("channel"), At: f.When("at"), Kind: f.Get("kind"), CaseID: s.numbered(a, f), Relation: f.Get("relation"),
		Caller: &alerts.Reporter{Name: f.Get("caller.name"), Phone: f.Get("caller.phone"), Email: f.Get("caller.email")},
		Asked:  f.Get("asked"), Promised: f.Get("promised"), PromisedUntil: f.When("promised_until"),
		Police: alerts.NewPolice{
			ReportedAt: f.When("police.reported_at"), Unit: f.Get("police.unit"), Person: f.Get("police.person"),
			Reference: f.Get("police.reference"), WhyNot: f.Get("police.why_not"),
		},
		Language: f.Get("language"), Interpreter: f.Get("interpreter"), MayBeTold: f.Get("may_be_told"),
		Explained: f.Get("explained"), ExplainedIn: f.Get("explained_in"), TakenBy: f.Get("taken_by"),
	}
}

// setContact fills a form with a contact as it stands.
func (f *Form) setContact(v *alerts.ContactView) {
	for name, value := range map[string]string{
		"asked": v.Asked, "promised": v.Promised, "party": v.Party, "relation": v.Relation, "language": v.Language, "interpreter": v.Interpreter,
		"may_be_told": v.MayBeTold, "explained": v.Explained, "explained_in": v.ExplainedIn, "kind": v.Kind,
	} {
		f.Set(name, value)
	}
	f.SetWhen("promised_until", v.PromisedUntil)
	if p := v.Police; p != nil {
		f.SetWhen("police.reported_at", p.ReportedAt)
		f.Set("police.unit", p.Unit)
		f.Set("police.person", p.Person)
		f.Set("police.reference", p.Reference)
		f.Set("police.why_not", p.WhyNot)
	}
}

// SpokenLanguages are the languages that callers speak most, and the one that a
// form holds already.
func (p *Page) SpokenLanguages(now string) []Choice {
	tags := []string{"sr", "hu", "sq", "rom", "ro", "sk", "hr", "bs", "mk", "bg", "sl", "en", "de", "fr", "it", "es", "ru", "uk", "tr", "ar", "fa"}
	if now != "" && !slices.Contains(tags, now) {
		tags = append([]string{now}, tags...)
	}
	return p.Words("language", tags)
}

// ToldWords are what a caller may be told.
func (p *Page) ToldWords() []Choice { return p.Words("may_be_told", alerts.MayBeTold()) }

// ContactKinds are what a contact may be about.
func (p *Page) ContactKinds() []Choice { return p.Words("contact_kind", alerts.ContactKinds()) }

// EnteredLate tells whether a contact was written down long after it took place.
func (p *Page) EnteredLate(v alerts.ContactView) bool {
	const late = 3600 // seconds
	return v.Report == nil && v.CreatedAt.Unix()-v.At.Unix() > late
}

// ContactOnly are the contacts that wait for something.
func (p *Page) ContactOnly() []Choice {
	return []Choice{{"open", p.T("contact.only_open")}, {"unreferred", p.T("contact.only_unreferred")}, {"promised", p.T("contact.only_promised")}}
}
