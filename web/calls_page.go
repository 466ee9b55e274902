package web

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type callsData struct {
	Form *Form
	List []alerts.CallView
	Next string
	// Waiting are the calls that somebody should call back, when the list is not
	// filtered.
	Waiting  []alerts.CallView
	Filtered bool
}

// waitingShown is how many calls to call back stand on top of the list.
const waitingShown = 20

// callsPage lists the calls that an exchange announced; those that nobody has
// called back come first.
func (s *Server) callsPage(c *fiber.Ctx, a alerts.Actor) error {
	d := callsData{Form: &Form{Values: queryOf(c), zone: s.zone()}}
	q := alerts.CallQuery{State: d.Form.Get("state"), Cursor: d.Form.Get("cursor")}
	if q.State == "waiting" {
		q.State, q.Waiting = "", true
	}
	d.Filtered = q.State != "" || q.Waiting
	list, err := s.Alerts.IncomingCalls(c.UserContext(), a, q)
	if d.Form.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.render(c, layoutConsole, "calls", d)
	}
	if err != nil {
		return err
	}
	d.List = list.Items
	if list.Next != nil {
		d.Next = *list.Next
	}
	if !d.Filtered && q.Cursor == "" {
		waiting, err := s.Alerts.IncomingCalls(c.UserContext(), a, alerts.CallQuery{Waiting: true, Limit: waitingShown})
		if err != nil {
			return err
		}
		d.Waiting = waiting.Items
	}
	return s.render(c, layoutConsole, "calls", d)
}

// callTakenHere gives a call to whoever pressed first and opens its contact. To
// anybody else the form says who has it.
func (s *Server) callTakenHere(c *fiber.Ctx, a alerts.Actor) error {
	id := c.Params("id")
	v, err := s.Alerts.TakeCall(c.UserContext(), a, id, alerts.TakeCall{}, alerts.Request{})
	if err != nil && alerts.CodeOf(err) != alerts.Conflict {
		return err
	}
	if v.ContactID != "" {
		return c.Redirect("/desk/contacts/"+v.ContactID, fiber.StatusSeeOther)
	}
	if v.Recorded {
		return c.Redirect("/desk/calls", fiber.StatusSeeOther)
	}
	return c.Redirect("/desk/contacts/new?call="+queryEscape(id), fiber.StatusSeeOther)
}

func (s *Server) callBackNoted(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.CallBack(c.UserContext(), a, c.Params("id"), alerts.NewCallBack{Outcome: f.Get("outcome")}, s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return c.Redirect("/desk/calls", fiber.StatusSeeOther)
}

// contactOfCall fills the form of a contact with what a call says, and returns
// the call with what is known of its number; nil without one.
func (s *Server) contactOfCall(c *fiber.Ctx, a alerts.Actor, f *Form, fill bool) (*alerts.CallWithKnown, error) {
	id := f.Get("call")
	if id == "" || !s.Matrix.Can(a.Role, "call.take") {
		return nil, nil
	}
	v, err := s.Alerts.Call(c.UserContext(), a, id)
	if err != nil {
		return nil, err
	}
	if fill {
		f.Set("caller.phone", v.From)
		f.SetWhen("at", v.At)
	}
	return &v, nil
}

// recordFrom makes the contact of a form: that of a call once only, however
// often it is sent and by whom.
func (s *Server) recordFrom(c *fiber.Ctx, a alerts.Actor, f *Form, in alerts.NewContact) (alerts.ContactView, error) {
	r := s.request(c, a, c.Body())
	id := f.Get("call")
	if id == "" {
		return s.Alerts.RecordContact(c.UserContext(), a, in, r)
	}
	if f.Get("act") == "take_over" {
		if _, err := s.Alerts.TakeCall(c.UserContext(), a, id, alerts.TakeCall{TakeOver: true}, alerts.Request{}); err != nil {
			return alerts.ContactView{}, err
		}
	}
	v, err := s.Alerts.RecordCall(c.UserContext(), a, id, in, r)
	if alerts.CodeOf(err) == alerts.Conflict {
		f.Errors.Add("", "call_taken", "Somebody else has this call. What you wrote is still here.")
	}
	return v, err
}

// Ringing are the calls that an open page shows. A page is shown without them
// when the read cannot be recorded.
func (p *Page) Ringing() []alerts.CallView {
	ctx, cancel := context.WithTimeout(context.Background(), ringingWait)
	defer cancel()
	calls, err := p.s.Alerts.Ringing(ctx, p.Actor)
	if err != nil {
		p.s.Log.Error("show the calls that ring", "error", err)
		return nil
	}
	but := p.RingingBut()
	return slices.DeleteFunc(calls, func(v alerts.CallView) bool { return v.ID == but })
}

// RingingBut is the call that the page itself is about: nobody is sent to the
// form that they fill in.
func (p *Page) RingingBut() string {
	if d, ok := p.Data.(contactNewData); ok && d.Call != nil {
		return d.Call.ID
	}
	return p.query.Get("but")
}

// ringingWait bounds how long a page waits for the record of that read.
const ringingWait = 5 * time.Second

// Caller is the number of a call, or that it is withheld.
func (p *Page) Caller(v alerts.CallView) string {
	if v.From == "" {
		return p.T("calls.no_number")
	}
	return v.From
}

// CallStates are what the list of calls can be filtered by.
func (p *Page) CallStates() []Choice {
	return append([]Choice{{"waiting", p.T("calls.to_call_back")}}, p.Words("call_state", alerts.CallStates())...)
}

// Days writes a duration as days.
func (p *Page) Days(d time.Duration) string { return p.N("calls.days", int(d/(24*time.Hour))) }

// CallsKept is how long a call without a contact is kept.
func (p *Page) CallsKept() string { return p.Days(p.s.Alerts.CallsKept()) }

// Taken tells whether the form of a contact is about a call that somebody else
// has.
func (p *Page) Taken() bool {
	d, ok := p.Data.(contactNewData)
	return ok && d.Call != nil && d.Call.TakenBy != "" && d.Call.TakenBy != p.Actor.ID && !d.Call.Recorded
}

// BackOutcomes are what an attempt to call back can come to.
func (p *Page) BackOutcomes() []Choice { return p.Words("call_back", alerts.CallBackOutcomes()) }
