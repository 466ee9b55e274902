package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type casePhotosData struct {
	caseFrame
	Form *Form
	// Children are those of the case, as choices.
	Children []Choice
}

func (s *Server) casePhotosPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCasePhotos(c, a, s.newForm())
}

func (s *Server) showCasePhotos(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "photos")
	if err != nil {
		return err
	}
	d, p := casePhotosData{caseFrame: frame, Form: f}, s.page(c, "", nil)
	for _, child := range frame.Case.Children {
		d.Children = append(d.Children, Choice{child.ID, p.ChildName(child)})
	}
	return s.render(c, layoutConsole, "case_photos", d)
}

func (s *Server) casePhotoAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	picture, err := s.pictureIn(c, "photo")
	if err == nil {
		in := alerts.NewPhoto{Child: f.Get("child"), Main: f.On("main"), TakenOn: f.Get("taken_on")}
		if picture != nil {
			in.Picture = *picture
		}
		_, err = s.Alerts.AddPhoto(c.UserContext(), a, c.Params("id"), in, s.request(c, a, nil))
	}
	if err == nil {
		return c.Redirect("/desk/cases/"+c.Params("id")+"/photos", fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCasePhotos(c, a, f)
}
