package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

func (s *Server) confirmAlone(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.ConfirmAlone(c.UserContext(), a, c.Params("id"), c.Params("photo"), r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) restorePhoto(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RestorePhoto(c.UserContext(), a, c.Params("id"), c.Params("photo"), r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) coverPhoto(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.CoverPhoto](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.covered(c, a, c.Params("id"), c.Params("photo"), in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(c.Params("id"))+"/photos/"+v.ID, 0, v)
}

func (s *Server) listDocumentSlots(c *fiber.Ctx, _ alerts.Actor) error {
	return c.JSON(fiber.Map{"items": s.Alerts.DocumentSlots()})
}

// addDocument takes one file in a form, with what it is beside it.
func (s *Server) addDocument(c *fiber.Ctx, a alerts.Actor) error {
	if !isMultipart(c) {
		return fiber.NewError(fiber.StatusUnsupportedMediaType, "Send a form (multipart/form-data) with the fields slot and file.")
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	for name, values := range f.Values {
		if !slices.Contains([]string{"slot", "child", "note", "replaces", keyField}, name) {
			return badRequest(name, "unknown_field", "There is no such field.")
		}
		if len(values) > 1 {
			return badRequest(name, "repeated_field", "This field is there twice.")
		}
	}
	v, err := s.documentIn(c, a, c.Params("id"), f)
	if err != nil {
		return err
	}
	at := ""
	if n := len(v.Versions); n > 0 {
		at = caseAddress(c.Params("id")) + "/documents/" + v.ID + "/versions/" + v.Versions[n-1].ID
	}
	return created(c, at, 0, v)
}

// documentIn adds the paper that a form brings. Everything that is wrong with
// the file and with the fields is told at once.
func (s *Server) documentIn(c *fiber.Ctx, a alerts.Actor, caseID string, f *Form) (alerts.DocumentView, error) {
	in := alerts.NewDocument{Slot: f.Get("slot"), Child: f.Get("child"), Note: f.Get("note"), Replaces: f.Get("replaces")}
	file, err := s.paperIn(c)
	if err != nil && alerts.CodeOf(err) != alerts.Invalid {
		return alerts.DocumentView{}, err
	}
	in.DocumentFile = alerts.DocumentFile{Kind: file.Kind, Name: file.Name, Content: file.Content}
	if err != nil {
		return alerts.DocumentView{}, s.Alerts.AlsoWrong(err, in)
	}
	return s.Alerts.AddDocument(c.UserContext(), a, caseID, in, s.request(c, a, nil))
}

// readDocument answers a paper as a file to keep. It is never shown in a page.
func (s *Server) readDocument(c *fiber.Ctx, a alerts.Actor) error {
	file, err := s.Alerts.OpenDocument(c.UserContext(), a, c.Params("id"), c.Params("document"), c.Params("version"))
	if err != nil {
		return err
	}
	if file.Kind == "pdf" {
		return sendFile(c, "application/pdf", "document.pdf", file.Content)
	}
	return sendFile(c, "image/jpeg", "document.jpg", file.Content)
}
