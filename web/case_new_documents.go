package web

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// slotField begins the names of the files on the form of a new case.
const slotField = "document."

// documentsOf looks at the papers that came with the form of a new case. What is
// wrong with a file is said beside it; nothing is kept before the case is open.
func (s *Server) documentsOf(c *fiber.Ctx, f *Form) ([]alerts.NewDocument, error) {
	if !isMultipart(c) {
		return nil, nil
	}
	m, err := c.MultipartForm()
	if err != nil {
		return nil, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	var out []alerts.NewDocument
	for _, slot := range s.Alerts.DocumentSlots() {
		field := slotField + slot.Key
		files := m.File[field]
		if len(files) == 0 || files[0].Size == 0 {
			continue
		}
		b, err := readPart(files[0])
		if err != nil {
			return nil, err
		}
		file, err := s.paperFile(c.UserContext(), files[0].Filename, b)
		var e *alerts.Error
		switch {
		case errors.As(err, &e) && (e.Code == alerts.Invalid || e.Code == alerts.TooLarge):
			for _, wrong := range e.Fields {
				f.Errors.Add(field, wrong.Code, wrong.Message)
			}
			continue
		case err != nil:
			return nil, err
		}
		out = append(out, alerts.NewDocument{
			Slot: slot.Key, Note: f.Get(slotField + slot.Key + ".note"), DocumentFile: alerts.DocumentFile{Kind: file.Kind, Name: file.Name, Content: file.Content},
		})
	}
	return out, nil
}

// keepDocuments adds papers to a case that has just been opened. A repeat of the
// same form adds them once.
func (s *Server) keepDocuments(c *fiber.Ctx, a alerts.Actor, caseID string, in []alerts.NewDocument, r alerts.Request) error {
	for _, one := range in {
		own := alerts.Request{Body: r.Body}
		if r.Key != nil {
			own.Key = slices.Concat(r.Key, []byte(one.Slot))
		}
		if _, err := s.Alerts.AddDocument(c.UserContext(), a, caseID, one, own); err != nil {
			return err
		}
	}
	return nil
}

// Slots are the kinds of papers that the form of a new case asks for: all that
// need no words of their own.
func (d caseNewData) Slots(p *Page) []alerts.DocumentSlot {
	return slices.DeleteFunc(slices.Clone(p.s.Alerts.DocumentSlots()), func(s alerts.DocumentSlot) bool { return s.Key == "other" })
}

// documentsWrong tells whether a file was refused, so that its part of the form
// is open.
func (f *Form) documentsWrong() bool {
	return slices.ContainsFunc(f.Errors, func(e alerts.FieldError) bool { return strings.HasPrefix(e.Field, slotField) })
}

// DocumentsWrong tells whether a file of the form was refused.
func (d caseNewData) DocumentsWrong() bool { return d.Form.documentsWrong() }
