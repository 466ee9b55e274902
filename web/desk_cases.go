package web

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type casesData struct {
	Form *Form
	List []alerts.CaseListItem
	Next string
	// Filtered says that the list does not show everything.
	Filtered   bool
	Categories []alerts.Category
	Orders     []alerts.CaseOrder
}

// openStates are the states of a case that is being worked on.
func openStates() []alerts.State {
	return []alerts.State{alerts.StateDraft, alerts.StateVerifying, alerts.StateActive, alerts.StatePublic, alerts.StateOnHold}
}

// casesPage lists cases; what is asked for stands in the address.
func (s *Server) casesPage(c *fiber.Ctx, a alerts.Actor) error {
	values := queryOf(c)
	d := casesData{Form: &Form{Values: values, zone: s.zone()}, Categories: alerts.Categories(), Orders: alerts.CaseOrders()}
	q := alerts.CaseQuery{
		Category: alerts.Category(d.Form.Get("category")), Text: d.Form.Get("q"),
		Order: alerts.CaseOrder(d.Form.Get("sort")), Cursor: d.Form.Get("cursor"),
	}
	switch state := d.Form.Get("state"); state {
	case "":
	case "open":
		q.States = openStates()
	default:
		q.States = []alerts.State{alerts.State(state)}
	}
	d.Filtered = q.Category != "" || q.Text != "" || q.States != nil
	list, err := s.Alerts.Cases(c.UserContext(), a, q)
	if err != nil && !d.Form.Refused(err) {
		return err
	}
	if err != nil {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	d.List = list.Items
	if list.Next != nil {
		d.Next = *list.Next
	}
	return s.render(c, layoutConsole, "desk_cases", d)
}

// CasesFile is where the list that is shown can be had whole, as a table or as
// JSON.
func (p *Page) CasesFile(ending string) string {
	q := url.Values{}
	for _, name := range []string{"q", "category", "sort"} {
		if v := p.query.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	switch state := p.query.Get("state"); state {
	case "":
	case "open":
		for _, one := range openStates() {
			q.Add("state", string(one))
		}
	default:
		q.Set("state", state)
	}
	return apiPrefix + "/cases" + ending + "?" + q.Encode()
}

// listedStates leaves out what nobody looks for in a list.
func listedStates() []alerts.State {
	return slices.DeleteFunc(alerts.States(), func(s alerts.State) bool { return s == alerts.StateErased })
}
