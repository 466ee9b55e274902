package web

import (
	"fmt"
	"slices"
	"strings"

	"homeward/alerts"
	"homeward/partners"
)

// shares are the classes that were ticked, each with its consent or its reason.
func (f *Form) shares() []partners.NewShare {
	var out []partners.NewShare
	for _, class := range partners.ShareableClasses() {
		at := "share." + string(class)
		if f.On(at) {
			out = append(out, partners.NewShare{Class: class, ConsentID: f.Get(at + ".consent"), Reason: f.Get(at + ".reason")})
		}
	}
	return out
}

// placeShares gives faults of the shares the names of their fields.
func (f *Form) placeShares(in []partners.NewShare) {
	for i := range f.Errors {
		e := &f.Errors[i]
		for n, s := range in {
			part, ours := strings.CutPrefix(e.Field, fmt.Sprintf("share[%d].", n))
			switch at := "share." + string(s.Class); {
			case !ours:
			case part == "class":
				e.Field = at
			default:
				e.Field = at + "." + strings.TrimSuffix(part, "_id")
			}
		}
	}
}

func (f *Form) referralAct() partners.ReferralAct {
	return partners.ReferralAct{Answer: f.Get("answer"), Code: f.Get("code"), Text: f.Get("text"), DueAt: f.When("due_at"), Share: f.shares()}
}

// receivers are the organisations that can be asked, each with what it offers.
func (s *Server) receivers(lang string) []Choice {
	words := s.Partners.ReferralData()
	var out []Choice
	for _, p := range s.Partners.PartnerBoard().Partners() {
		var offers []string
		for _, row := range words.Services {
			if slices.Contains(p.Services, row.ID) {
				offers = append(offers, s.texts.text(lang, "service."+row.ID, nil, nil))
			}
		}
		if p.State == partners.PartnerApproved && p.Agreement.InForce(s.Now()) && len(offers) > 0 {
			out = append(out, Choice{p.ID, p.Name + " · " + strings.Join(offers, ", ")})
		}
	}
	return out
}

// ReferralWords are the words of referrals: services, urgencies, reasons and
// outcomes.
func (p *Page) ReferralWords() *partners.ReferralData { return p.s.Partners.ReferralData() }

// WordRows turns rows of the data into choices.
func (p *Page) WordRows(group string, rows []partners.ReferralRow) []Choice {
	var out []Choice
	for _, r := range rows {
		out = append(out, Choice{r.ID, p.Word(group, r.ID)})
	}
	return out
}

// ShareableClasses are the classes that a referral may open and that this reader
// sees.
func (p *Page) ShareableClasses(c alerts.CaseView) []alerts.Class {
	return slices.DeleteFunc(partners.ShareableClasses(), func(class alerts.Class) bool { return slices.Contains(c.Withheld, class) })
}

// ConsentsFor are the consents of a case in force for one class.
func (p *Page) ConsentsFor(c alerts.CaseView, class alerts.Class) []Choice {
	var out []Choice
	for _, k := range c.Consents {
		if k.Class == class && k.Audience != "public" && k.WithdrawnAt.IsZero() && (k.ExpiresAt.IsZero() || k.ExpiresAt.After(p.Now)) {
			out = append(out, Choice{k.ID, strings.Join(filled([]string{p.Word("audience", k.Audience), k.Purpose, k.GivenBy}), " · ")})
		}
	}
	return out
}

func filled(words []string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// AboutChoices are the people of a case that a referral can be about.
func (p *Page) AboutChoices(c alerts.CaseView) []Choice {
	var out []Choice
	for _, k := range c.Children {
		out = append(out, Choice{k.ID, p.ChildName(k)})
	}
	return append(out, p.PartyChoices(c)...)
}

// AboutName is whom a referral is about, in words.
func (p *Page) AboutName(c alerts.CaseView, id string) string {
	for _, choice := range p.AboutChoices(c) {
		if choice.Value == id {
			return choice.Label
		}
	}
	return p.T("referral.whole_case")
}

// CanAct tells whether an act is among those that follow.
func (p *Page) CanAct(acts []string, act string) bool { return slices.Contains(acts, act) }

// ActForm is the form of one act.
func (d referralData) ActForm(act string, p *Page) *Form {
	if act != "share" || d.Refused.Part == act {
		return d.Refused.of(act, p)
	}
	f := p.s.newForm()
	for _, s := range d.View.Shares {
		at := "share." + string(s.Class)
		f.Set(at, "yes")
		f.Set(at+".consent", s.ConsentID)
		f.Set(at+".reason", s.Reason)
	}
	return f
}

// ActForm is the form of one act.
func (d partnerReferralData) ActForm(act string, p *Page) *Form { return d.Refused.of(act, p) }

// Said is the newest text for the family's file: the outcome, the refusal, or
// the last progress.
func (p *Page) Said(entries []partners.ReferralEntryView) *partners.ReferralEntryView {
	for _, kinds := range [][]string{{"done"}, {"declined", "stands"}, {"progress", "question"}} {
		for i := len(entries) - 1; i >= 0; i-- {
			if slices.Contains(kinds, entries[i].Kind) {
				return &entries[i]
			}
		}
	}
	return nil
}

// FamilyTold are the entries about what the family was told.
func (p *Page) FamilyTold(entries []partners.ReferralEntryView) []partners.ReferralEntryView {
	return slices.DeleteFunc(slices.Clone(entries), func(e partners.ReferralEntryView) bool { return e.Kind != "told" })
}

// EntryCode is the word for the reason or the outcome of an entry.
func (p *Page) EntryCode(kind, code string) string {
	switch kind {
	case "declined":
		return p.Word("decline", code)
	case "done":
		return p.Word("referral_outcome", code)
	case "ended":
		return p.Word("referral_end", code)
	}
	return ""
}
