package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func (s *Server) readPapers(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.PapersOf(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) addPaper(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewPaper](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.AddPaper(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, matterAddress(c.Params("id"))+"/papers/"+v.ID, 0, v)
}

func (s *Server) changePaper(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.PaperChange](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ChangePaper(c.UserContext(), a, c.Params("id"), c.Params("paper"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) addPaperFile(c *fiber.Ctx, a alerts.Actor) error {
	in, err := s.paperIn(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.AddFile(c.UserContext(), a, c.Params("id"), c.Params("paper"), in, s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return created(c, matterAddress(c.Params("id"))+"/papers/"+v.ID, 0, v)
}

func (s *Server) paperFileSent(c *fiber.Ctx, a alerts.Actor) error {
	f, content, err := s.Partners.PaperFile(c.UserContext(), a, c.Params("id"), c.Params("paper"), c.Params("file"))
	if err != nil {
		return err
	}
	if f.Kind == "pdf" {
		return sendFile(c, "application/pdf", "paper.pdf", content)
	}
	return sendFile(c, "image/jpeg", "paper.jpg", content)
}

func (s *Server) removePaperFile(c *fiber.Ctx, a alerts.Actor) error {
	if err := nothing(c); err != nil {
		return err
	}
	v, err := s.Partners.RemoveFile(c.UserContext(), a, c.Params("id"), c.Params("paper"), c.Params("file"), s.request(c, a, nil))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) readApplication(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	recipient, lang := q.text("recipient"), q.text("language")
	if err := q.Err(); err != nil {
		return err
	}
	if lang == "" {
		lang = English
	}
	v, err := s.Partners.Application(c.UserContext(), a, c.Params("id"), recipient, lang)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) writeApplication(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.FormAnswers](s, c, a)
	if err != nil {
		return err
	}
	if err := s.Partners.WriteApplication(c.UserContext(), a, c.Params("id"), in, r); err != nil {
		return err
	}
	v, err := s.Partners.Application(c.UserContext(), a, c.Params("id"), "", English)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) draftLetter(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.LetterAsk{Template: q.text("template"), Recipient: q.text("recipient"), InstitutionID: q.text("institution_id"), Language: q.text("language")}
	if err := q.Err(); err != nil {
		return err
	}
	v, err := s.Partners.DraftLetter(c.UserContext(), a, c.Params("id"), in, s.Config.Name)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) makeLetter(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewLetter](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.MakeLetter(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, matterAddress(c.Params("id"))+"/letters/"+strconv.Itoa(v.N), 0, v)
}

// numbered reads the number in an address, which counts from 1.
func numbered(c *fiber.Ctx) (int, error) {
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 {
		return 0, fiber.ErrNotFound
	}
	return n, nil
}

func (s *Server) readLetter(c *fiber.Ctx, a alerts.Actor) error {
	n, err := numbered(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.LetterOf(c.UserContext(), a, c.Params("id"), n)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) letterPDF(c *fiber.Ctx, a alerts.Actor) error {
	n, err := numbered(c)
	if err != nil {
		return err
	}
	pdf, err := s.Partners.LetterPDF(c.UserContext(), a, c.Params("id"), n)
	if err != nil {
		return err
	}
	return sendFile(c, "application/pdf", "letter-"+strconv.Itoa(n)+".pdf", pdf)
}

func (s *Server) planBundle(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	recipient, lang := q.text("recipient"), q.text("language")
	if err := q.Err(); err != nil {
		return err
	}
	v, err := s.Partners.PlanBundle(c.UserContext(), a, c.Params("id"), recipient, lang)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) makeBundle(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewBundle](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.MakeBundle(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, matterAddress(c.Params("id"))+"/bundles/"+strconv.Itoa(v.N)+"/bundle.pdf", 0, v)
}

func (s *Server) bundlePDF(c *fiber.Ctx, a alerts.Actor) error {
	n, err := numbered(c)
	if err != nil {
		return err
	}
	pdf, err := s.Partners.BundlePDF(c.UserContext(), a, c.Params("id"), n)
	if err != nil {
		return err
	}
	return sendFile(c, "application/pdf", "bundle-"+strconv.Itoa(n)+".pdf", pdf)
}

func (s *Server) bundleZip(c *fiber.Ctx, a alerts.Actor) error {
	n, err := numbered(c)
	if err != nil {
		return err
	}
	archive, err := s.Partners.BundleZip(c.UserContext(), a, c.Params("id"), n)
	if err != nil {
		return err
	}
	return sendFile(c, "application/zip", "bundle-"+strconv.Itoa(n)+".zip", archive)
}
