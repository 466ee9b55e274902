package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type matterListData struct {
	Items  []partners.MatterListItem
	Next   string
	Form   *Form
	States []string
}

func (s *Server) mattersPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.MatterFilter{State: q.one("state", partners.MatterStates())}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Matters(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_list", matterListData{list.Items, orEmpty(list.Next), s.newForm("state", in.State), partners.MatterStates()})
}

type matterData struct {
	View   partners.MatterView
	Clocks []partners.ClockView
	// Log is the contact log, the newest entry first; Owed are those of it that
	// wait for an answer, the latest first.
	Log, Owed []partners.MatterContactView
	// Contact is the form of a new entry, Answer that of the answer to entry N.
	Contact, Answer *Form
	N               int
	Institutions    []Choice
	Matters         []string
	Channels        []string
}

// contactChannels are the ways in which institutions are asked.
func contactChannels() []string {
	return []string{"phone", "email", "letter", "official_delivery", "visit", "in_person", "fax", "web", "other"}
}

func (s *Server) matterPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showMatter(c, a, matterData{})
}

// showMatter shows a matter; forms that are not given are fresh.
func (s *Server) showMatter(c *fiber.Ctx, a alerts.Actor, d matterData) error {
	var err error
	if d.View, err = s.Partners.Matter(c.UserContext(), a, c.Params("id")); err != nil {
		return err
	}
	if d.Clocks, err = s.Partners.Clocks(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	for i := range d.View.Contacts {
		d.Log = append(d.Log, d.View.Contacts[len(d.View.Contacts)-1-i])
		if e := d.View.Contacts[i]; e.State == partners.ContactOverdue || e.State == partners.ContactOpen {
			d.Owed = append(d.Owed, e)
		}
	}
	if d.Contact == nil {
		d.Contact = s.newForm("direction", "out", "channel", "phone")
		d.Contact.SetWhen("at", s.Now())
	}
	if d.Answer == nil {
		d.Answer = s.newForm()
		d.Answer.SetWhen("at", s.Now())
	}
	d.Channels = contactChannels()
	if d.Institutions, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	if d.Matters, err = s.Partners.ContactMatters(); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter", d)
}

// matterContactRecorded adds an entry to the contact log; entries are never
// changed.
func (s *Server) matterContactRecorded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewMatterContact{
		InstitutionID: f.Get("institution_id"), Direction: f.Get("direction"), Channel: f.Get("channel"), At: f.When("at"), Matter: f.Get("matter"),
		Person: f.Get("person"), Request: f.Get("request"), LegalBasis: f.Get("legal_basis"), Reference: f.Get("reference"),
		NoReply: f.On("no_reply"), PromisedDate: f.Get("promised_date"), Corrects: f.Number("corrects"),
	}
	if len(f.Errors) == 0 {
		_, err := s.Partners.RecordContact(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(matterPath(c.Params("id"))+"#log", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showMatter(c, a, matterData{Contact: f})
}

func (s *Server) matterContactAnswered(c *fiber.Ctx, a alerts.Actor) error {
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 {
		return fiber.ErrNotFound
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewAnswer{At: f.When("at"), Text: f.Get("text"), Satisfied: f.Get("satisfied")}
	if len(f.Errors) == 0 {
		_, err := s.Partners.AnswerContact(c.UserContext(), a, c.Params("id"), n, in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(matterPath(c.Params("id"))+"#contact-"+c.Params("n"), fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showMatter(c, a, matterData{Answer: f, N: n})
}

// AnswerForm is the form of the answer to one entry: what was typed for this
// one, or a fresh one.
func (d matterData) AnswerForm(n int, p *Page) *Form {
	if d.N == n {
		return d.Answer
	}
	f := p.s.newForm()
	f.SetWhen("at", p.Now)
	return f
}

type deadlineData struct {
	List partners.DeadlineList
	Form *Form
	// People and Institutions can be chosen; Kinds are the kinds of deadline.
	People, Institutions []Choice
	Kinds                []partners.DeadlineKind
	Overdue, Running     []partners.DeadlineItem
}

// deadlinesPage lists everything that is overdue or due, the soonest first.
func (s *Server) deadlinesPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	kinds := []partners.DeadlineKind{partners.DeadlineContact, partners.DeadlineClock, partners.DeadlineFollowUp, partners.DeadlinePromise}
	in := partners.DeadlineFilter{
		Person: q.text("person"), Institution: q.text("institution"), Kind: partners.DeadlineKind(q.one("kind", words(kinds))),
		State: q.one("state", []string{"overdue", "running"}), Until: q.day("until"),
	}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Deadlines(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	d := deadlineData{List: list, Kinds: kinds, Form: s.newForm("person", in.Person, "institution", in.Institution, "kind", string(in.Kind), "state", in.State, "until", in.Until)}
	for _, i := range list.Items {
		if i.State == "overdue" {
			d.Overdue = append(d.Overdue, i)
		} else {
			d.Running = append(d.Running, i)
		}
	}
	d.People = s.staff()
	if d.Institutions, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "deadlines", d)
}
