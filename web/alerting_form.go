package web

import (
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/script"
)

// What a new alert is proposed with: how long it lasts, and the radius in metres
// around the place last seen. Whoever writes it sees both and changes them.
const (
	firstLife   = 14 * 24 * time.Hour
	firstRadius = 50_000
)

// textParts are the fields of an alert's text in one language.
func textParts() []string { return []string{"headline", "description", "instruction"} }

// alertFrom reads a whole alert from its form.
func alertFrom(f *Form, lastSeen *geo.Point) alerts.NewAlert {
	in := alerts.NewAlert{
		Level: alerts.Level(f.Get("level")), DecisionID: f.Get("decision_id"), Severity: f.Get("severity"), ExpiresAt: f.When("expires_at"),
		PhotoID: f.Get("photo_id"), HoldBack: f.Get("hold_back"), Criteria: f.checklist(), Area: f.area("area", lastSeen), Texts: f.texts(),
	}
	workedFrom(f, &in)
	return in
}

// updateOf is a change that sets every field.
func updateOf(in alerts.NewAlert) alerts.AlertUpdate {
	return alerts.AlertUpdate{
		Level: &in.Level, DecisionID: &in.DecisionID, Severity: &in.Severity, ExpiresAt: &in.ExpiresAt,
		PhotoID: &in.PhotoID, HoldBack: &in.HoldBack, Criteria: in.Criteria, Area: &in.Area, Reach: in.Reach, Corridor: in.Corridor, Texts: in.Texts,
	}
}

// texts reads the languages in which anything was written.
func (f *Form) texts() map[string]alerts.DraftText {
	out := map[string]alerts.DraftText{}
	for _, l := range f.TextLanguages() {
		part := func(name string) string { return f.Get("texts." + l + "." + name) }
		if t := (alerts.DraftText{Headline: part("headline"), Description: part("description"), Instruction: part("instruction")}); t != (alerts.DraftText{}) {
			out[l] = t
		}
	}
	return out
}

// TextLanguages are the languages that the form has fields for.
func (f *Form) TextLanguages() []string {
	out := []string{SerbianLatin, SerbianCyrillic, English}
	for _, l := range f.All("languages") {
		if slices.Contains(formLanguages(), l) && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// alertForm fills the form with an alert's content.
func (s *Server) alertForm(r alerts.RevisionView) *Form {
	f := s.newForm("level", string(r.Level), "decision_id", r.DecisionID, "severity", r.Severity, "photo_id", r.PhotoID, "hold_back", r.HoldBack)
	f.SetWhen("expires_at", r.ExpiresAt)
	f.setArea("area", r.Area)
	f.setOrigin(r.Origin)
	f.setChecklist(r.Criteria)
	f.setTexts(r.Texts)
	return f
}

// setTexts fills the fields of texts by language.
func (f *Form) setTexts(texts map[string]alerts.DraftText) {
	for _, l := range sortedLanguages(texts) {
		t := texts[l]
		f.Values["languages"] = append(f.Values["languages"], l)
		f.Set("texts."+l+".headline", t.Headline)
		f.Set("texts."+l+".description", t.Description)
		f.Set("texts."+l+".instruction", t.Instruction)
	}
}

// alertGrew carries out the buttons of the editor that only change the form.
func alertGrew(f *Form) bool {
	switch f.Get("act") {
	case "add_language":
		f.Values["languages"] = append(f.Values["languages"], f.Get("add_language"))
	case "to_cyrillic":
		for _, part := range textParts() {
			f.Set("texts."+SerbianCyrillic+"."+part, script.ToCyrillic(f.Get("texts."+SerbianLatin+"."+part)))
		}
	case "show_criteria":
	case "clear_area":
		for _, part := range []string{"areas", "circles", "around_km"} {
			f.Set("area."+part, "")
		}
	default:
		return false
	}
	return true
}

// severities are the grades of CAP, the gravest first.
func severities() []string { return []string{"extreme", "severe", "moderate", "minor", "unknown"} }

func levels() []alerts.Level {
	return []alerts.Level{alerts.LevelInternal, alerts.LevelPartner, alerts.LevelPublicAppeal, alerts.LevelNationalMirror}
}

// DecisionChoices are the recorded decisions of a case.
func (p *Page) DecisionChoices(list []alerts.DecisionView) []Choice {
	var out []Choice
	for _, d := range list {
		parts := []string{p.Word("level", d.Level)}
		for _, t := range []string{d.Authority, d.Reference, p.Date(d.DecidedAt)} {
			if t != "" {
				parts = append(parts, t)
			}
		}
		out = append(out, Choice{d.ID, strings.Join(parts, " · ")})
	}
	return out
}
