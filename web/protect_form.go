package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo/script"
	"homeward/partners"
	"homeward/partners/abduction"
)

// submit carries out what a form asks for. When it is done it leads on to next;
// when fields were refused, again shows the page with what was typed, and when
// somebody was faster with stale set.
func (s *Server) submit(c *fiber.Ctx, f *Form, next string, do func() error, again func(stale bool) error) error {
	if len(f.Errors) == 0 {
		err := do()
		switch {
		case err == nil:
			return c.Redirect(next, fiber.StatusSeeOther)
		case alerts.CodeOf(err) == alerts.Stale:
			c.Status(fiber.StatusPreconditionFailed)
			return again(true)
		case !f.Refused(err):
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return again(false)
}

// Rows are rows of the data with their texts in the reader's language.
func (p *Page) Rows(group string, rows []abduction.Entry) []Choice {
	var out []Choice
	for _, e := range rows {
		out = append(out, Choice{e.ID, p.Row(group, e.ID, e.Text)})
	}
	return out
}

// Row is the text of one row of the data, in English where the catalogue lacks
// it.
func (p *Page) Row(group, id, text string) string { return p.TOr(group+"."+id, text) }

// Protection is the data that prevention and mediation rest on.
func (p *Page) Protection() *abduction.Protection { return p.s.Partners.Protection() }

// RowSources are where rows of the data come from, each once.
func (p *Page) RowSources(rows []abduction.Entry) []string {
	var out []string
	for _, e := range rows {
		if !slices.Contains(out, e.Source) {
			out = append(out, e.Source)
		}
	}
	return out
}

// Source names a source of the data in the language of the page.
func (p *Page) Source(s string) string {
	switch p.Lang {
	case SerbianCyrillic:
		return abduction.SerbianSource(s)
	case SerbianLatin:
		return script.ToLatin(abduction.SerbianSource(s))
	}
	return s
}

// RowText is the text of a row of a list of the data by its id.
func (p *Page) RowText(group, id string) string {
	lists := map[string][]abduction.Entry{
		"factor": p.Protection().Factors, "measure": p.Protection().Measures, "yellow": p.Protection().Yellow,
	}
	for _, e := range lists[group] {
		if e.ID == id {
			return p.Row(group, id, e.Text)
		}
	}
	return id
}

// CasePartyName is what a party of a case is called.
func (p *Page) CasePartyName(v alerts.CaseView, id string) string {
	for _, party := range v.Parties {
		if party.ID == id {
			return party.Name
		}
	}
	return p.Word("party", id)
}

// PartyChoices are the parties of a case for a form.
func (p *Page) PartyChoices(v alerts.CaseView) []Choice {
	out := []Choice{{alerts.PartyLeftBehind, p.Word("party", alerts.PartyLeftBehind)}, {alerts.PartyTaking, p.Word("party", alerts.PartyTaking)}}
	for _, party := range v.Parties {
		out = append(out, Choice{party.ID, party.Name + " · " + p.Word("party", party.Kind)})
	}
	return out
}

// HiddenFrom is one party with what it must not learn now.
type HiddenFrom struct {
	Party  string
	Fields []string
}

// HiddenNow is what is hidden from whom on the case, party by party.
func (f caseFrame) HiddenNow() []HiddenFrom { return hiddenNow(f.Case) }

func hiddenNow(v alerts.CaseView) []HiddenFrom {
	var out []HiddenFrom
	at := map[string]int{}
	for _, h := range v.Hidden {
		if !h.LiftedAt.IsZero() {
			continue
		}
		i, there := at[h.Party]
		if !there {
			i = len(out)
			at[h.Party], out = i, append(out, HiddenFrom{Party: h.Party})
		}
		out[i].Fields = append(out[i].Fields, h.Field)
	}
	return out
}

// FormFor is the form of one part of a page: what was typed where it was
// refused, else as given.
type partForm struct {
	Form *Form
	// Part names it: an id, or the name of a section.
	Part string
}

func (d partForm) of(part string, p *Page, pairs ...string) *Form {
	if d.Form != nil && d.Part == part {
		return d.Form
	}
	return p.s.newForm(pairs...)
}

// mediationWords are the fixed lists that the pages of a mediation offer.
func (p *Page) MediationOutcomes() []string   { return partners.MediationOutcomes() }
func (p *Page) MediatorProfessions() []string { return partners.MediatorProfessions() }
func (p *Page) SessionModes() []string        { return partners.SessionModes() }

// OrderRows are the rows of a form for two of a kind.
func (p *Page) OrderRows() []int { return []int{0, 1} }

// MeasureSum says how many measures are confirmed of how many.
func (p *Page) MeasureSum(all []partners.MeasureView) string {
	confirmed := 0
	for _, m := range all {
		if m.State == "confirmed" {
			confirmed++
		}
	}
	return p.T("prevention.measure_sum", "Confirmed", p.Number(confirmed), "All", p.Number(len(all)))
}

// NextJourney is the next feared journey that has not ended, nil for none.
func (p *Page) NextJourney(all []partners.JourneyView) *partners.JourneyView {
	var next *partners.JourneyView
	for i := range all {
		if j := &all[i]; j.Outcome == "" && (next == nil || j.On < next.On) {
			next = j
		}
	}
	return next
}

// sentPointer is a field's value, nil when the form did not have the field.
func (f *Form) sentPointer(name string) *string {
	if !f.Values.Has(name) {
		return nil
	}
	return f.pointer(name)
}
