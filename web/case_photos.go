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
	// Refused is the form about the photo Part that was refused.
	Part    string
	Refused *Form
}

func (s *Server) casePhotosPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCasePhotos(c, a, s.newForm(), "", nil)
}

func (s *Server) showCasePhotos(c *fiber.Ctx, a alerts.Actor, f *Form, part string, refused *Form) error {
	frame, err := s.caseFrameOf(c, a, "photos")
	if err != nil {
		return err
	}
	d, p := casePhotosData{caseFrame: frame, Form: f, Part: part, Refused: refused}, s.page(c, "", nil)
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
	if f.Get("others") == "" { // people can look; a program may not know
		f.Errors.Add("others", "others_unsaid", "Say whether somebody else can be recognised on it.")
	}
	picture, err := s.pictureIn(c, "photo")
	if err == nil && picture == nil {
		f.Errors.Add("photo", "required", "Send a picture.")
	}
	if err == nil && len(f.Errors) == 0 {
		in := alerts.NewPhoto{Picture: *picture, Child: f.Get("child"), Main: f.On("main"), TakenOn: f.Get("taken_on"),
			Source: f.Get("source"), Use: f.Get("use"), Others: f.Get("others")}
		_, err = s.Alerts.AddPhoto(c.UserContext(), a, c.Params("id"), in, s.request(c, a, nil))
		if err == nil {
			return c.Redirect("/desk/cases/"+c.Params("id")+"/photos", fiber.StatusSeeOther)
		}
	}
	if err != nil && !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCasePhotos(c, a, f, "", nil)
}

// FormOf is the form of one photo: what was typed into it, or how it stands.
func (d casePhotosData) FormOf(v alerts.PhotoView, p *Page) *Form {
	if d.Part == v.ID && d.Refused != nil {
		return d.Refused
	}
	return p.s.newForm("child", v.Child, "taken_on", v.TakenOn, "source", v.Source, "use", v.Use, "others", v.Others)
}

// There are the photos of the case that were not taken off; Gone are the others.
func (d casePhotosData) There() []alerts.PhotoView { return d.photos(false) }

// Gone are the photos that were taken off the case.
func (d casePhotosData) Gone() []alerts.PhotoView { return d.photos(true) }

func (d casePhotosData) photos(gone bool) (out []alerts.PhotoView) {
	for _, p := range d.Case.Photos {
		if (p.Removed != nil) == gone {
			out = append(out, p)
		}
	}
	return out
}

// onPhoto carries out a form about one photo and goes back to it, or shows the
// page again with what is wrong; refusal is the code of what a rule may have
// against it.
func (s *Server) onPhoto(c *fiber.Ctx, a alerts.Actor, refusal string, do func(*Form, alerts.Request) error) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	err = do(f, s.request(c, a, c.Body()))
	if err == nil && len(f.Errors) == 0 {
		return c.Redirect("/desk/cases/"+c.Params("id")+"/photos#photo-"+c.Params("photo"), fiber.StatusSeeOther)
	}
	c.Status(fiber.StatusUnprocessableEntity)
	switch code := alerts.CodeOf(err); {
	case code == alerts.Conflict || code == alerts.Forbidden:
		f.Errors.Add("", refusal, err.Error())
		c.Status(fiber.StatusConflict)
	case err != nil && !f.Refused(err):
		return err
	}
	return s.showCasePhotos(c, a, s.newForm(), c.Params("photo"), f)
}

func (s *Server) casePhotoChanged(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPhoto(c, a, "photo_stands", func(f *Form, r alerts.Request) error {
		in := alerts.PhotoChange{}
		switch f.Get("act") {
		case "main":
			in.Main = true
		case "place":
			in.Place = f.Number("place")
		default:
			in.Child, in.TakenOn, in.Source = typed(f, "child"), typed(f, "taken_on"), typed(f, "source")
			in.Use, in.Others = typed(f, "use"), typed(f, "others")
		}
		if len(f.Errors) > 0 {
			return nil
		}
		_, err := s.Alerts.ChangePhoto(c.UserContext(), a, c.Params("id"), c.Params("photo"), in, r)
		return err
	})
}

// typed is the value of a field that the form has; nil when it has none.
func typed(f *Form, name string) *string {
	if !f.Values.Has(name) {
		return nil
	}
	v := f.Get(name)
	return &v
}

func (s *Server) casePhotoAlone(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPhoto(c, a, "another_person", func(_ *Form, r alerts.Request) error {
		_, err := s.Alerts.ConfirmAlone(c.UserContext(), a, c.Params("id"), c.Params("photo"), r)
		return err
	})
}

func (s *Server) casePhotoRemoved(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPhoto(c, a, "photo_stands", func(f *Form, r alerts.Request) error {
		_, err := s.Alerts.RemovePhoto(c.UserContext(), a, c.Params("id"), c.Params("photo"), alerts.RemovePhoto{Why: f.Get("why")}, r)
		return err
	})
}

func (s *Server) casePhotoRestored(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPhoto(c, a, "photo_gone", func(_ *Form, r alerts.Request) error {
		_, err := s.Alerts.RestorePhoto(c.UserContext(), a, c.Params("id"), c.Params("photo"), r)
		return err
	})
}
