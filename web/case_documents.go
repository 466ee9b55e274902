package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo/script"
)

// caseDocumentsData is the page with the papers of a case, by what they are.
type caseDocumentsData struct {
	caseFrame
	Slots []documentSlot
	// Form is the form of the slot or of the paper Part that was refused.
	Form     *Form
	Part     string
	Children []Choice
}

// documentSlot is one kind of paper with those that the case has.
type documentSlot struct {
	alerts.DocumentSlot
	Needed  bool
	Papers  []alerts.DocumentView
	Missing bool
	// Hidden says that papers of this kind are not for the reader.
	Hidden bool
}

func (s *Server) caseDocumentsPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseDocuments(c, a, s.newForm(), "")
}

func (s *Server) showCaseDocuments(c *fiber.Ctx, a alerts.Actor, f *Form, part string) error {
	frame, err := s.caseFrameOf(c, a, "documents")
	if err != nil {
		return err
	}
	d, p := caseDocumentsData{caseFrame: frame, Form: f, Part: part}, s.page(c, "", nil)
	for _, child := range frame.Case.Children {
		d.Children = append(d.Children, Choice{child.ID, p.ChildName(child)})
	}
	for _, slot := range s.Alerts.DocumentSlots() {
		one := documentSlot{DocumentSlot: slot, Needed: slot.NeededIn(frame.Case.Category), Hidden: frame.Withheld(string(slot.Class)), Missing: true}
		for _, paper := range frame.Case.Documents {
			if paper.Slot == slot.Key {
				one.Papers, one.Missing = append(one.Papers, paper), one.Missing && paper.Removed != nil
			}
		}
		if slot.AskedIn(frame.Case.Category) || len(one.Papers) > 0 {
			d.Slots = append(d.Slots, one)
		}
	}
	return s.render(c, layoutConsole, "case_documents", d)
}

// SlotName is what a kind of paper is called, SlotWhy why it is asked for.
func (p *Page) SlotName(s alerts.DocumentSlot) string { return p.inSerbian(s.English, s.Serbian) }

// SlotWhy is why a paper is asked for.
func (p *Page) SlotWhy(s alerts.DocumentSlot) string { return p.inSerbian(s.WhyEn, s.WhySr) }

// inSerbian chooses between an English text and a Serbian one in Cyrillic.
func (p *Page) inSerbian(english, serbian string) string {
	switch p.Lang {
	case SerbianCyrillic:
		return serbian
	case SerbianLatin:
		return script.ToLatin(serbian)
	}
	return english
}

// FormFor is the form of a slot or of a paper: what was typed, or an empty one.
func (d caseDocumentsData) FormFor(part string, p *Page) *Form {
	if part == d.Part {
		return d.Form
	}
	return p.s.newForm()
}

func (s *Server) caseDocumentAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	part := f.Get("slot")
	if part == "" {
		part = f.Get("replaces")
	}
	_, err = s.documentIn(c, a, c.Params("id"), f)
	return s.documentDone(c, a, f, part, err)
}

func (s *Server) caseDocumentRemoved(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	id := c.Params("document")
	_, err = s.Alerts.RemoveDocument(c.UserContext(), a, c.Params("id"), id, alerts.RemovePhoto{Why: f.Get("why")}, s.request(c, a, c.Body()))
	return s.documentDone(c, a, f, id, err)
}

// documentDone goes back to the papers, or shows them with what is wrong.
func (s *Server) documentDone(c *fiber.Ctx, a alerts.Actor, f *Form, part string, err error) error {
	if err == nil {
		return c.Redirect("/desk/cases/"+c.Params("id")+"/documents#slot-"+part, fiber.StatusSeeOther)
	}
	switch code := alerts.CodeOf(err); {
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
	case code == alerts.Conflict || code == alerts.TooMany:
		f.Errors.Add("", "refused", err.Error())
		c.Status(fiber.StatusConflict)
	case code == alerts.TooLarge:
		f.Errors.Add("file", "file_too_large", err.Error())
		c.Status(fiber.StatusRequestEntityTooLarge)
	default:
		return err
	}
	return s.showCaseDocuments(c, a, f, part)
}

// Newest are the versions of a paper, the newest first.
func (p *Page) Newest(v []alerts.DocumentVersionView) []alerts.DocumentVersionView {
	out := slices.Clone(v)
	slices.Reverse(out)
	return out
}
