package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type mediationData struct {
	View partners.MediationView
	// Facts is the form of what case staff know, People the one of who is inside,
	// Inside the one that was refused of those that add to it.
	Facts, People *Form
	Inside        partForm
	Staff         []Choice
	Stale         bool
}

// InsideForm is the form of one section of what is inside.
func (d mediationData) InsideForm(part string, p *Page) *Form { return d.Inside.of(part, p) }

// mediatorRows is how many mediators the form takes; orderRows how many states.
const (
	mediatorRows = 2
	orderRows    = 2
)

func mediationPath(id string) string { return "/desk/mediations/" + id }

func (s *Server) mediationsPage(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.OwnMediations(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "mediation_list", items)
}

func (s *Server) mediationPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showMediation(c, a, mediationData{})
}

func (s *Server) showMediation(c *fiber.Ctx, a alerts.Actor, d mediationData) error {
	v, err := s.Partners.Mediation(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	d.View, d.Staff = v, s.staff()
	if d.Facts == nil {
		d.Facts = s.newForm("offered_on", v.OfferedOn, "started_on", v.StartedOn, "ended_on", v.EndedOn, "outcome", v.Outcome)
		for i, o := range v.Orders {
			d.Facts.setOrder(fmt.Sprintf("orders[%d].", i), o)
		}
	}
	if v.Content != nil && d.People == nil {
		d.People = s.newForm()
		d.People.Values["named"] = v.Named
		for i, m := range v.Content.Mediators {
			d.People.setMediator(fmt.Sprintf("mediators[%d].", i), m)
		}
	}
	return s.render(c, layoutConsole, "mediation", d)
}

func (f *Form) setMediator(at string, m partners.Mediator) {
	f.Set(at+"name", m.Name)
	f.Set(at+"profession", m.Profession)
	for i, l := range m.Languages {
		f.Set(fmt.Sprintf("%slanguage%d", at, i+1), l)
	}
}

func (f *Form) mediators() []partners.Mediator {
	out := []partners.Mediator{}
	for i := range mediatorRows {
		at := fmt.Sprintf("mediators[%d].", i)
		m := partners.Mediator{Name: f.Get(at + "name"), Profession: f.Get(at + "profession"), Languages: append(f.All(at+"language1"), f.All(at+"language2")...)}
		if m.Name != "" || m.Profession != "" {
			out = append(out, m)
		}
	}
	return out
}

func (f *Form) setOrder(at string, o partners.MirrorOrder) {
	f.Set(at+"state", o.State)
	f.Set(at+"court", o.Court)
	f.Set(at+"requested_on", o.RequestedOn)
	f.Set(at+"granted_on", o.GrantedOn)
	f.Set(at+"reference", o.Reference)
}

func (f *Form) orders() []partners.MirrorOrder {
	out := []partners.MirrorOrder{}
	for i := range orderRows {
		at := fmt.Sprintf("orders[%d].", i)
		o := partners.MirrorOrder{
			State: f.Get(at + "state"), Court: f.Get(at + "court"), RequestedOn: f.Get(at + "requested_on"),
			GrantedOn: f.Get(at + "granted_on"), Reference: f.Get(at + "reference"),
		}
		if o != (partners.MirrorOrder{}) {
			out = append(out, o)
		}
	}
	return out
}

// mediationChanged changes what case staff know of a mediation.
func (s *Server) mediationChanged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.MediationPatch{
		OfferedOn: alerts.Some(f.Get("offered_on")), StartedOn: alerts.Some(f.Get("started_on")), EndedOn: alerts.Some(f.Get("ended_on")),
		Outcome: alerts.Some(f.Get("outcome")), Orders: alerts.Some(f.orders()),
	}
	return s.submit(c, f, mediationPath(c.Params("id")), func() error {
		_, err := s.Partners.PatchMediation(c.UserContext(), a, c.Params("id"), f.version(), in, s.request(c, a, c.Body()))
		return err
	}, func(stale bool) error { return s.showMediation(c, a, mediationData{Facts: f, Stale: stale}) })
}

// mediationInside adds to what is inside, or changes who is named.
func (s *Server) mediationInside(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	part := f.Get("part")
	in := insideFrom(f, part)
	return s.submit(c, f, mediationPath(c.Params("id"))+"#inside", func() error {
		_, err := s.Partners.PatchInside(c.UserContext(), a, c.Params("id"), f.version(), in, s.request(c, a, c.Body()))
		return err
	}, func(stale bool) error {
		d := mediationData{Inside: partForm{f, part}, Stale: stale}
		if part == "people" {
			d.People = f
		}
		return s.showMediation(c, a, d)
	})
}

func insideFrom(f *Form, part string) partners.InsidePatch {
	switch part {
	case "session":
		return partners.InsidePatch{Session: &partners.NewSession{At: f.When("session.at"), Mode: f.Get("session.mode"), Note: f.Get("session.note")}}
	case "note":
		if f.Get("note") == "" {
			f.Errors.Add("note", "required", "Write something.")
		}
		return partners.InsidePatch{Note: f.Get("note")}
	case "draft":
		if f.Get("draft") == "" {
			f.Errors.Add("draft", "required", "Write something.")
		}
		return partners.InsidePatch{Draft: f.Get("draft")}
	}
	return partners.InsidePatch{Named: alerts.Some(f.All("named")), Mediators: alerts.Some(f.mediators())}
}
