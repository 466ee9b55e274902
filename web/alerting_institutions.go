package web

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type institutionListData struct {
	Items     []partners.InstitutionView
	Next      string
	Form      *Form
	Kinds     []string
	Freshness []partners.Freshness
	Roles     []string
	// ToCheck counts the entries that somebody should look at.
	ToCheck int
}

func freshnesses() []partners.Freshness {
	return []partners.Freshness{partners.Verified, partners.StaleEntry, partners.ToBeVerified}
}

// institutionsPage lists the directory of those who owe answers.
func (s *Server) institutionsPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.InstitutionFilter{
		Kind: q.one("kind", partners.InstitutionKinds()), Country: q.text("country"), Region: q.text("region"), Role: q.text("role"), Language: q.text("language"), Text: q.text("q"),
		Freshness: partners.Freshness(q.one("freshness", words(freshnesses()))),
	}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Institutions(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	check, err := s.Partners.InstitutionsToCheck(c.UserContext(), a)
	if err != nil {
		return err
	}
	f := s.newForm("kind", in.Kind, "country", in.Country, "region", in.Region, "role", in.Role, "language", in.Language, "q", in.Text, "freshness", string(in.Freshness))
	return s.render(c, layoutConsole, "institution_list", institutionListData{list.Items, orEmpty(list.Next), f, partners.InstitutionKinds(), freshnesses(), s.roleWords(nil), len(check)})
}

func (s *Server) institutionPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Institution(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "institution", v)
}

type institutionEditor struct {
	Form   *Form
	View   *partners.InstitutionView
	Kinds  []string
	Routes []string
	Ways   []string
	Stale  bool
}

// ways are how an institution can be reached.
func ways() []string { return []string{"phone", "email", "post", "web", "official_delivery"} }

// ChannelRows are the rows of the form for the ways to reach an institution.
func (e institutionEditor) ChannelRows() []partners.Channel {
	return append(e.Form.channels(), make([]partners.Channel, 2)...)
}

func (f *Form) channels() []partners.Channel {
	var out []partners.Channel
	for i, value := range f.Values["channels.value"] {
		if value == "" {
			continue
		}
		ch := partners.Channel{Kind: f.nth("channels.kind", i), Value: value, Source: f.nth("channels.source", i), AsOf: f.nth("channels.as_of", i)}
		if s := f.nth("channels.secure", i); s != "" {
			secure := s == "yes"
			ch.Secure = &secure
		}
		out = append(out, ch)
	}
	return out
}

// PersonRow is one row of the form for the people of an institution.
type PersonRow struct{ Name, Function, Phone, Email string }

// PersonRows are the rows of the form for people: those there are and two empty
// ones.
func (e institutionEditor) PersonRows() []PersonRow {
	var out []PersonRow
	for i, name := range e.Form.Values["people.name"] {
		row := PersonRow{name, e.Form.nth("people.function", i), e.Form.nth("people.phone", i), e.Form.nth("people.email", i)}
		if row != (PersonRow{}) {
			out = append(out, row)
		}
	}
	return append(out, PersonRow{}, PersonRow{})
}

func (f *Form) people() []partners.InstitutionPerson {
	var out []partners.InstitutionPerson
	for i, name := range f.Values["people.name"] {
		p := partners.InstitutionPerson{Name: strings.TrimSpace(name), Function: f.nth("people.function", i)}
		for _, kind := range []string{"phone", "email"} {
			if value := f.nth("people."+kind, i); value != "" {
				p.Channels = append(p.Channels, partners.Reach{Kind: kind, Value: value})
			}
		}
		if p.Name != "" || p.Function != "" || len(p.Channels) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// codes reads codes that are written in one field, with commas or semicolons.
func (f *Form) codes(name string) []string {
	return strings.FieldsFunc(f.Get(name), func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
}

// institutionForm fills the form with an entry.
func institutionForm(s *Server, v partners.InstitutionView) *Form {
	f := s.newForm("name", v.Name, "kind", v.Kind, "country", v.Country, "hours", v.Hours, "time_zone", v.TimeZone,
		"regions", strings.Join(v.Regions, ", "), "area", v.Area, "source", v.Source, "version", strconv.Itoa(v.Version))
	f.Values["roles"], f.Values["languages"] = v.Roles, v.Languages
	for _, ch := range v.Channels {
		secure := ""
		if ch.Secure != nil {
			secure = map[bool]string{true: "yes", false: "no"}[*ch.Secure]
		}
		for name, value := range map[string]string{"kind": ch.Kind, "value": ch.Value, "secure": secure, "source": ch.Source, "as_of": ch.AsOf} {
			f.Values.Add("channels."+name, value)
		}
	}
	for _, p := range v.People {
		row := map[string]string{"name": p.Name, "function": p.Function, "phone": "", "email": ""}
		for _, r := range p.Channels {
			row[r.Kind] = r.Value
		}
		for _, name := range []string{"name", "function", "phone", "email"} {
			f.Values.Add("people."+name, row[name])
		}
	}
	return f
}

func (f *Form) institution(verifiedAt time.Time) partners.NewInstitution {
	return partners.NewInstitution{
		Name: f.Get("name"), Kind: f.Get("kind"), Country: f.Get("country"), Roles: f.All("roles"), Languages: f.All("languages"),
		Hours: f.Get("hours"), TimeZone: f.Get("time_zone"), Regions: f.codes("regions"), Area: f.Get("area"),
		Channels: f.channels(), People: f.people(), VerifiedAt: verifiedAt, Source: f.Get("source"),
	}
}

func (s *Server) showInstitutionForm(c *fiber.Ctx, f *Form, v *partners.InstitutionView, stale bool) error {
	return s.render(c, layoutConsole, "institution_edit", institutionEditor{f, v, partners.InstitutionKinds(), s.roleWords(v), ways(), stale})
}

// roleWords are what an institution can be there for: the legal routes, the
// usual tasks, and whatever else the entry has.
func (s *Server) roleWords(v *partners.InstitutionView) []string {
	out := append(partners.LegalRoutes(), "return_decision", "voluntary_return", "search", "protection", "guardianship", "supervision",
		"criminal_proceedings", "registers", "travel_documents", "representation", "mediation_network", "control", "border_control", "interpol",
		"missing_children", "hotline_116000", "hotline_network", "social_protection", "internal_control", "information_access", "data_protection",
		"constitutional_complaint", "human_rights")
	if v != nil {
		for _, r := range v.Roles {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

func (s *Server) institutionNewPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.showInstitutionForm(c, s.newForm("country", nearCountries()[0]), nil, false)
}

func (s *Server) institutionEntered(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	var checked time.Time
	if f.On("checked") {
		checked = s.Now()
	}
	v, err := s.Partners.CreateInstitution(c.UserContext(), a, f.institution(checked), s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showInstitutionForm(c, f, nil, false)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/desk/institutions/"+v.ID, fiber.StatusSeeOther)
}

func (s *Server) institutionEditPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Institution(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.showInstitutionForm(c, institutionForm(s, v), &v, false)
}

// institutionEdited changes an entry; without the tick the day on which it was
// checked stays as it is.
func (s *Server) institutionEdited(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Institution(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := f.institution(time.Time{})
	patch := partners.InstitutionPatch{
		Name: alerts.Some(in.Name), Kind: alerts.Some(in.Kind), Country: alerts.Some(in.Country), Roles: alerts.Some(in.Roles), Languages: alerts.Some(in.Languages),
		Hours: alerts.Some(in.Hours), TimeZone: alerts.Some(in.TimeZone), Regions: alerts.Some(in.Regions), Area: alerts.Some(in.Area),
		People: alerts.Some(in.People), Channels: alerts.Some(in.Channels), Source: alerts.Some(in.Source),
	}
	if f.On("checked") {
		patch.VerifiedAt = alerts.Some(s.Now())
	}
	_, err = s.Partners.PatchInstitution(c.UserContext(), a, v.ID, f.version(), patch, s.request(c, a, c.Body()))
	switch {
	case err == nil:
		return c.Redirect("/desk/institutions/"+v.ID, fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		c.Status(fiber.StatusPreconditionFailed)
		return s.showInstitutionForm(c, f, &v, true)
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showInstitutionForm(c, f, &v, false)
	}
	return err
}
