package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/pack"
)

type bundleData struct {
	matterFrame
	Form *Form
	// Plan is what would go in, nil before somebody has said for whom.
	Plan         *partners.BundlePlan
	Recipients   []Choice
	Institutions []Choice
	Letters      []Choice
	Languages    []string
}

// unixLines writes line ends as everything but forms does.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func (s *Server) bundlePage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	f := s.newForm("recipient", q.text("recipient"), "language", s.paperLanguage(c, q.text("language")))
	if err := q.Err(); err != nil {
		return err
	}
	return s.showBundle(c, a, f, false)
}

func (s *Server) showBundle(c *fiber.Ctx, a alerts.Actor, f *Form, typed bool) error {
	d := bundleData{Form: f, Languages: pack.Languages()}
	var err error
	if d.matterFrame, err = s.matterFrameOf(c, a, "papers"); err != nil {
		return err
	}
	if d.Recipients, err = s.recipients(c); err != nil {
		return err
	}
	if f.Get("recipient") == "" {
		return s.render(c, layoutConsole, "matter_bundle", d)
	}
	plan, err := s.Partners.PlanBundle(c.UserContext(), a, d.View.ID, f.Get("recipient"), f.Get("language"))
	if err != nil {
		return err
	}
	d.Plan = &plan
	if !typed {
		for _, p := range plan.Papers {
			if p.Files > 0 && p.Withheld == "" {
				f.Values.Add("papers", p.ID)
			}
		}
	}
	page := s.page(c, "", nil)
	for _, l := range plan.Letters {
		d.Letters = append(d.Letters, Choice{strconv.Itoa(l.N), strconv.Itoa(l.N) + ". " + page.LetterKind(l.Template)})
	}
	d.Institutions, err = s.institutionsFor(c, a, plan.Recipient)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_bundle", d)
}

// institutionsFor are the entries of the directory of a recipient's kinds.
func (s *Server) institutionsFor(c *fiber.Ctx, a alerts.Actor, recipient string) ([]Choice, error) {
	data, err := s.Partners.Pack()
	if err != nil {
		return nil, err
	}
	r, ok := data.Recipient(recipient)
	if !ok {
		return nil, nil
	}
	var out []Choice
	for _, kind := range r.Kinds {
		some, err := s.institutionChoices(c, a, kind)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

func (s *Server) bundleMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	papers := f.All("papers")
	if papers == nil {
		papers = []string{} // none was ticked, which is not all
	}
	in := partners.NewBundle{
		Recipient: f.Get("recipient"), InstitutionID: f.Get("institution_id"), Language: f.Get("language"), Letter: f.Number("letter"), Papers: papers,
	}
	v, err := s.Partners.MakeBundle(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect(papersPath(c)+"#bundle-"+strconv.Itoa(v.N), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showBundle(c, a, f, true)
}
