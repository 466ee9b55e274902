package web

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseHistoryData struct {
	caseFrame
	// Groups are the changes, newest first; those of one version together.
	Groups []changeGroup
}

// changeGroup is what one person changed at once.
type changeGroup struct {
	Version int
	At      time.Time
	By      string
	Changes []alerts.ChangeView
}

// caseHistory shows who changed what from what to what.
func (s *Server) caseHistory(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "timeline")
	if err != nil {
		return err
	}
	d := caseHistoryData{caseFrame: frame}
	for _, ch := range slices.Backward(frame.Case.Changes) {
		if n := len(d.Groups); n == 0 || d.Groups[n-1].Version != ch.Version {
			d.Groups = append(d.Groups, changeGroup{Version: ch.Version, At: ch.At, By: ch.By})
		}
		last := &d.Groups[len(d.Groups)-1]
		last.Changes = append(last.Changes, ch)
	}
	for i := range d.Groups {
		slices.Reverse(d.Groups[i].Changes)
	}
	return s.render(c, layoutConsole, "case_history", d)
}

// ChangedField names a field of a change; a child's says which child.
func (p *Page) ChangedField(v alerts.CaseView, field string) string {
	rest, ok := strings.CutPrefix(field, "children.")
	if !ok {
		return p.T("changed." + field)
	}
	id, name, _ := strings.Cut(rest, ".")
	label := p.T("changed." + name)
	if len(v.Children) == 1 && v.Children[0].ID == id {
		return label
	}
	for _, child := range v.Children {
		if child.ID == id {
			return p.ChildName(child) + ": " + label
		}
	}
	return p.T("changed.removed_child") + ": " + label
}

// ChangedValue writes a value of a change as people read it.
func (p *Page) ChangedValue(field, value string) string {
	_, name, child := strings.Cut(strings.TrimPrefix(field, "children."), ".")
	if !child || !strings.HasPrefix(field, "children.") {
		name = field
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return p.Exact(t)
	}
	switch name {
	case "category":
		return p.Word("category", value)
	case "state":
		return p.Word("state", value)
	case "risk.grade":
		return p.Word("risk", value)
	case "sex":
		return p.Word("sex", value)
	case "outcome":
		return p.Word("outcome", value)
	case "restricted":
		return p.T("changed.yes")
	case "follow_up.owner":
		return p.AccountName(value)
	case "team":
		var names []string
		for id := range strings.FieldsSeq(value) {
			names = append(names, p.AccountName(id))
		}
		return strings.Join(names, ", ")
	}
	return value
}
