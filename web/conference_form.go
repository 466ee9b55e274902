package web

import (
	"strings"

	"homeward/alerts"
	"homeward/partners"
)

// lines are the lines of a text that are not empty.
func (f *Form) lines(name string) []string {
	var out []string
	for _, l := range strings.Split(f.Get(name), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// part names the form on a page that holds several of a kind; the fields of such
// a form begin with its name.
func (f *Form) part(act string) string {
	if p := f.Get("part"); p != "" {
		return p
	}
	return act
}

// placePart gives faults the names of the fields of one part.
func (f *Form) placePart(part string) {
	for i := range f.Errors {
		if e := &f.Errors[i]; e.Field != "" && !strings.HasPrefix(e.Field, part+".") {
			e.Field = part + "." + e.Field
		}
	}
}

// conferenceAct reads one part of the page of a conference.
func (f *Form) conferenceAct(part string) partners.ConferenceAct {
	at := func(name string) string { return part + "." + name }
	return partners.ConferenceAct{
		At: f.When(at("at")), Mode: f.Get(at("mode")), Place: f.Get(at("place")), Agenda: f.lines(at("agenda")),
		Invitation: f.Get(at("invitation")), Child: f.Get(at("child")), Asked: f.Get(at("asked")) == "yes", AskedOn: f.Get(at("asked_on")),
		AskedBy: f.Get(at("asked_by")), Form: f.Get(at("form")), Said: f.Get(at("said")), Agrees: f.On(at("agrees")),
		Text: f.Get(at("text")), Reason: f.Get(at("reason")), ForAll: f.On(at("for_all")), Dissent: f.Get(at("dissent")),
		Deciders: f.All(at("deciders")), Attended: f.All(at("attended")), Owner: f.Get(at("owner")), DueAt: f.When(at("due_at")),
		Action: f.Get(at("action")), State: f.Get("state"), Answer: f.Get("answer"),
	}
}

// shown fills the form with what is shared with one who is invited.
func (f *Form) shown(i *partners.InvitationView) {
	f.SetWhen("until", i.Until)
	if i.Voice {
		f.Set("voice", "yes")
	}
	for _, s := range i.Shares {
		at := "share." + string(s.Class)
		f.Set(at, "yes")
		f.Set(at+".consent", s.ConsentID)
		f.Set(at+".reason", s.Reason)
	}
}

// conferenceAnchor is the part of the page on which an act is seen.
func conferenceAnchor(act string) string {
	switch act {
	case "voice":
		return "voice"
	case "minute":
		return "minutes"
	case "decide":
		return "decisions"
	case "action", "report":
		return "actions"
	case "uninvite", "answer":
		return "invited"
	}
	return "meeting"
}

// invitable are the organisations that can be invited.
func (s *Server) invitable() []Choice {
	var out []Choice
	for _, p := range s.Partners.PartnerBoard().Partners() {
		if p.State == partners.PartnerApproved && p.Agreement.InForce(s.Now()) {
			out = append(out, Choice{p.ID, p.Name})
		}
	}
	return out
}

// Form is the form of one part of the page.
func (d conferenceData) Form(part string, p *Page) *Form {
	if d.Refused.Part == part {
		return d.Refused.of(part, p)
	}
	f := p.s.newForm()
	switch part {
	case "move":
		f.SetWhen("move.at", d.View.At)
		f.Set("move.mode", d.View.Mode)
		f.Set("move.place", d.View.Place)
	case "agenda":
		f.Set("agenda.agenda", strings.Join(d.View.Agenda, "\n"))
	case "voice":
		f.Set("voice.asked", "yes")
	}
	return f
}

// Form is the form of one part of the page.
func (d partnerConferenceData) Form(part string, p *Page) *Form { return d.Refused.of(part, p) }

// At is the chairs at the table as choices: the chair, and who is invited.
func (d conferenceData) At(p *Page) []Choice {
	out := []Choice{{"chair", p.T("conference.chair") + " · " + p.AccountName(d.View.Chair)}}
	for _, i := range d.View.Invited {
		if i.Over != "staff" {
			out = append(out, Choice{i.ID, i.Name})
		}
	}
	return out
}

// Invitees are who is invited without the chair, for who was there.
func (d conferenceData) Invitees(p *Page) []Choice { return d.At(p)[1:] }

// Outside are the organisations that are invited and still see something.
func (d conferenceData) Outside() []Choice {
	var out []Choice
	for _, i := range d.View.Invited {
		if i.Outside && i.Over == "" {
			out = append(out, Choice{i.ID, i.Name})
		}
	}
	return out
}

// ChildChoices are the children of a case.
func (p *Page) ChildChoices(c alerts.CaseView) []Choice {
	var out []Choice
	for _, k := range c.Children {
		out = append(out, Choice{k.ID, p.ChildName(k)})
	}
	return out
}

// ConferenceModes are the ways in which people meet.
func (p *Page) ConferenceModes() []string { return partners.ConferenceModes() }

// VoiceForms are the ways in which a child says what it thinks.
func (p *Page) VoiceForms() []string { return partners.VoiceForms() }

// AskedChoices say whether a child was asked.
func (p *Page) AskedChoices() []Choice { return p.Words("voice_asked", []string{"yes", "no"}) }
