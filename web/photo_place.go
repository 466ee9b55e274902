package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// usePhotoPlace fills in the place that is stored in the photo of a form, because
// whoever sends it asks for that. The photo itself is kept without it.
func (s *Server) usePhotoPlace(c *fiber.Ctx, f *Form, field, place string) error {
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return nil
	}
	m, err := c.MultipartForm()
	if err != nil {
		return fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	files := m.File[field]
	if len(files) == 0 || files[0].Size == 0 {
		f.Errors.Add(field, "no_photo_chosen", "Choose a photo first.")
		return nil
	}
	b, err := readPart(files[0])
	if err != nil {
		return err
	}
	p := placeIn(b)
	if p == nil {
		f.Errors.Add(field, "no_photo_place", "No place is stored in this photo.")
		return nil
	}
	f.SetPoint(place, p)
	f.Set(place+".accuracy", "50")
	return nil
}
