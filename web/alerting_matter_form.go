package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type matterEditor struct {
	Form *Form
	Case alerts.CaseListItem
	// View is the matter that is changed, nil for a new one.
	View                  *partners.MatterView
	Kinds, Routes, States []string
	Staff, Lawyers        []Choice
	Courts                []Choice
	Stale                 bool
}

// InstanceRows are the rows of the form for the instances: those there are and
// one empty one.
func (e matterEditor) InstanceRows() []partners.Instance {
	return append(e.Form.instances(), partners.Instance{})
}

func (f *Form) instances() []partners.Instance {
	var out []partners.Instance
	for i, started := range f.Values["instances.started_at"] {
		n := partners.Instance{StartedAt: started, DecidedAt: f.nth("instances.decided_at", i), InstitutionID: f.nth("instances.institution_id", i)}
		if n != (partners.Instance{}) {
			out = append(out, n)
		}
	}
	return out
}

func matterKinds() []string { return []string{"removal", "retention"} }

// directoryLimit is how many institutions a form offers.
const directoryLimit = 200

// institutionChoices are the entries of the directory for a form, of one kind
// or of all.
func (s *Server) institutionChoices(c *fiber.Ctx, a alerts.Actor, kind string) ([]Choice, error) {
	list, err := s.Partners.Institutions(c.UserContext(), a, partners.InstitutionFilter{Kind: kind, Limit: directoryLimit})
	if err != nil {
		return nil, err
	}
	var out []Choice
	for _, i := range list.Items {
		out = append(out, Choice{i.ID, i.Country + " · " + i.Name})
	}
	return out, nil
}

// lawyers are the accounts that can be named on a matter.
func (s *Server) lawyers() []Choice {
	var out []Choice
	for _, acc := range s.Alerts.Board.Accounts() {
		if acc.Role == alerts.RoleLegal && acc.DisabledAt.IsZero() {
			out = append(out, Choice{acc.ID, acc.Name})
		}
	}
	return out
}

func (s *Server) showMatterForm(c *fiber.Ctx, a alerts.Actor, d matterEditor) error {
	id := c.Params("id")
	if d.View != nil {
		id = d.View.CaseID
	}
	known, err := s.Alerts.VisibleCase(a, id)
	if err != nil {
		return err
	}
	d.Case = s.Alerts.ViewCaseItem(a, known)
	d.Kinds, d.Routes, d.States = matterKinds(), partners.LegalRoutes(), partners.MatterStates()
	d.Staff, d.Lawyers = s.staff(), s.lawyers()
	if d.Courts, err = s.institutionChoices(c, a, "court"); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_edit", d)
}

func (s *Server) matterNewPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showMatterForm(c, a, matterEditor{Form: s.newForm("from_state", nearCountries()[0], "owner", a.ID)})
}

func matterFrom(f *Form) partners.NewMatter {
	return partners.NewMatter{
		Kind: f.Get("kind"), WrongfulDate: f.Get("wrongful_date"), WrongfulDateBasis: f.Get("wrongful_date_basis"),
		FromState: f.Get("from_state"), ToState: f.Get("to_state"), LegalRoute: f.Get("legal_route"),
		HabitualResidence: f.Get("habitual_residence"), LeftBehind: f.Get("left_behind"), TakingPerson: f.Get("taking_person"),
		CustodyBasis: f.Get("custody_basis"), Whereabouts: f.Get("whereabouts"), Instances: f.instances(),
		Owner: f.Get("owner"), Legal: f.All("legal"), ParentLegal: f.All("parent_legal"),
	}
}

func (s *Server) matterOpened(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.OpenMatter(c.UserContext(), a, c.Params("id"), matterFrom(f), s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showMatterForm(c, a, matterEditor{Form: f})
	}
	if err != nil {
		return err
	}
	return c.Redirect(matterPath(v.ID), fiber.StatusSeeOther)
}

func matterPath(id string) string { return "/desk/abductions/" + id }

func matterForm(s *Server, v partners.MatterView) *Form {
	f := s.newForm("kind", v.Kind, "wrongful_date", v.WrongfulDate, "wrongful_date_basis", v.WrongfulDateBasis, "from_state", v.FromState,
		"to_state", v.ToState, "legal_route", v.LegalRoute, "habitual_residence", v.HabitualResidence, "left_behind", v.LeftBehind,
		"taking_person", v.TakingPerson, "custody_basis", v.CustodyBasis, "whereabouts", v.Whereabouts, "owner", v.Owner,
		"state", v.State, "version", strconv.Itoa(v.Version))
	f.Values["legal"], f.Values["parent_legal"] = v.Legal, v.ParentLegal
	instances := v.Instances
	if len(instances) == 0 && v.ProceedingsStartedAt != "" {
		instances = []partners.Instance{{StartedAt: v.ProceedingsStartedAt}}
	}
	for _, i := range instances {
		f.Values.Add("instances.started_at", i.StartedAt)
		f.Values.Add("instances.decided_at", i.DecidedAt)
		f.Values.Add("instances.institution_id", i.InstitutionID)
	}
	return f
}

func (s *Server) matterEditPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Matter(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.showMatterForm(c, a, matterEditor{Form: matterForm(s, v), View: &v})
}

func (s *Server) matterEdited(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Matter(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Partners.PatchMatter(c.UserContext(), a, v.ID, f.version(), matterPatch(f), s.request(c, a, c.Body()))
	switch {
	case err == nil:
		return c.Redirect(matterPath(v.ID)+"/facts", fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		c.Status(fiber.StatusPreconditionFailed)
		return s.showMatterForm(c, a, matterEditor{Form: f, View: &v, Stale: true})
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showMatterForm(c, a, matterEditor{Form: f, View: &v})
	}
	return err
}

func matterPatch(f *Form) partners.MatterPatch {
	in := matterFrom(f)
	return partners.MatterPatch{
		Kind: alerts.Some(in.Kind), WrongfulDate: alerts.Some(in.WrongfulDate), WrongfulDateBasis: alerts.Some(in.WrongfulDateBasis),
		FromState: alerts.Some(in.FromState), ToState: alerts.Some(in.ToState), LegalRoute: alerts.Some(in.LegalRoute),
		HabitualResidence: alerts.Some(in.HabitualResidence), LeftBehind: alerts.Some(in.LeftBehind), TakingPerson: alerts.Some(in.TakingPerson),
		CustodyBasis: alerts.Some(in.CustodyBasis), Whereabouts: alerts.Some(in.Whereabouts), Instances: alerts.Some(in.Instances),
		State: alerts.Some(f.Get("state")), Owner: alerts.Some(in.Owner), Legal: alerts.Some(in.Legal),
		ParentLegal: alerts.Some(in.ParentLegal),
	}
}
