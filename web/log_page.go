package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// logBook is what the part of a page shows that is a log of contacts with
// institutions, whatever it belongs to.
type logBook struct {
	// Pattern is the route of the log, Base its address.
	Pattern, Base string
	// Live names what the log is kept current by.
	Live string
	// Log is the newest entry first; Owed are those of it that wait for an
	// answer, the latest first.
	Log, Owed []partners.MatterContactView
	Sums      partners.LogSums
	// Contact is the form of a new entry; Answer and Done are those of entry N.
	Contact, Answer, Done *Form
	N                     int
	Institutions, Staff   []Choice
	Matters, Channels     []string
}

// logDoor is the pages of one kind of log.
type logDoor struct {
	s       *Server
	pattern string
	of      func(id string) partners.Log
	live    string
	// show renders the page that holds the log.
	show func(*fiber.Ctx, alerts.Actor, logBook) error
}

func (s *Server) matterLog() logDoor {
	return logDoor{s, "/desk/abductions/:id/contacts", partners.LogOfMatter, "matters", s.showMatterContacts}
}

func (s *Server) caseLog() logDoor {
	return logDoor{s, "/desk/cases/:id/inquiries", partners.LogOfCase, "inquiries", s.showCaseInquiries}
}

// logPages are the pages of both kinds of log.
func (s *Server) logPages() []route {
	var out []route
	for _, l := range []logDoor{s.matterLog(), s.caseLog()} {
		out = append(out,
			route{"GET", l.pattern, l.page},
			route{"POST", l.pattern, l.recorded},
			route{"POST", l.pattern + "/:n/answer", l.answered},
			route{"POST", l.pattern + "/:n/done", l.finished},
			route{"GET", l.pattern + "/:n/escalate", l.escalatePage},
			route{"POST", l.pattern + "/:n/escalate", l.escalated},
			route{"GET", l.pattern + "/:n/letter", l.letterPage},
		)
	}
	return out
}

// contactChannels are the ways in which institutions are asked.
func contactChannels() []string {
	return []string{"phone", "email", "letter", "official_delivery", "visit", "in_person", "fax", "web", "other"}
}

func (l logDoor) base(c *fiber.Ctx) string {
	return strings.Replace(l.pattern, ":id", c.Params("id"), 1)
}

func (l logDoor) log(c *fiber.Ctx) partners.Log { return l.of(c.Params("id")) }

func (l logDoor) page(c *fiber.Ctx, a alerts.Actor) error { return l.again(c, a, logBook{}) }

// again shows the page; forms that are not given are fresh.
func (l logDoor) again(c *fiber.Ctx, a alerts.Actor, b logBook) error {
	v, err := l.s.Partners.ContactLog(c.UserContext(), a, l.log(c))
	if err != nil {
		return err
	}
	b.Pattern, b.Base, b.Sums, b.Live = l.pattern, l.base(c), v.Sums, l.live+"/"+c.Params("id")
	for i := range v.Contacts {
		b.Log = append(b.Log, v.Contacts[len(v.Contacts)-1-i])
		if e := v.Contacts[i]; e.State == partners.ContactOverdue || e.State == partners.ContactOpen {
			b.Owed = append(b.Owed, e)
		}
	}
	if b.Contact == nil {
		b.Contact = l.s.newForm("direction", "out", "channel", "phone", "follows", c.Query("follows"), "corrects", c.Query("corrects"))
		b.Contact.SetWhen("at", l.s.Now())
	}
	b.Channels, b.Staff = contactChannels(), l.s.staff()
	if b.Institutions, err = l.s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	if b.Matters, err = l.s.Partners.ContactMatters(); err != nil {
		return err
	}
	return l.show(c, a, b)
}

// AnswerForm is the form of the answer to one entry: what was typed for this
// one, or a fresh one.
func (b logBook) AnswerForm(n int, p *Page) *Form {
	if b.N == n && b.Answer != nil {
		return b.Answer
	}
	f := p.s.newForm()
	f.SetWhen("at", p.Now)
	return f
}

// DoneForm is the form for the end of the next step of one entry.
func (b logBook) DoneForm(n int, p *Page) *Form {
	if b.N == n && b.Done != nil {
		return b.Done
	}
	return p.s.newForm()
}

// DocumentRows are the rows of the form for documents: those that were typed and
// two empty ones.
func (f *Form) DocumentRows() []partners.LoggedDocument {
	return append(f.documents(), make([]partners.LoggedDocument, 2)...)
}

func (f *Form) documents() []partners.LoggedDocument {
	var out []partners.LoggedDocument
	for i, title := range f.Values["documents.title"] {
		if strings.TrimSpace(title) != "" {
			out = append(out, partners.LoggedDocument{Title: title, Version: f.nth("documents.version", i), Language: f.nth("documents.language", i), Direction: f.nth("documents.direction", i)})
		}
	}
	return out
}

func (f *Form) logEntry() partners.NewMatterContact {
	in := partners.NewMatterContact{
		InstitutionID: f.Get("institution_id"), Direction: f.Get("direction"), Channel: f.Get("channel"), At: f.When("at"), Matter: f.Get("matter"),
		Unit: f.Get("unit"), Person: f.Get("person"), Function: f.Get("function"), Request: f.Get("request"), LegalBasis: f.Get("legal_basis"),
		Reference: f.Get("reference"), OurReference: f.Get("our_reference"), Documents: f.documents(), Language: f.Get("language"),
		Interpreter: f.Get("interpreter"), Confidential: f.Get("confidential"), FamilyNote: f.Get("family_note"), NoReply: f.On("no_reply"),
		PromisedDate: f.Get("promised_date"), PromisedBy: f.Get("promised_by"), Corrects: f.Number("corrects"), Follows: f.Number("follows"),
		Withdraws: f.Number("withdraws"), NextStep: f.Get("next_step"), NextOwner: f.Get("next_owner"), NextDue: f.Get("next_due"),
	}
	if f.Get("proof.kind") != "" || f.Get("proof.reference") != "" {
		in.Proof = &partners.DeliveryProof{Kind: f.Get("proof.kind"), Reference: f.Get("proof.reference"), On: f.Get("proof.on")}
	}
	return in
}

// recorded adds an entry; entries are never changed.
func (l logDoor) recorded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := l.s.formOf(c)
	if err != nil {
		return err
	}
	in := f.logEntry()
	if len(f.Errors) == 0 {
		_, err := l.s.Partners.RecordEntry(c.UserContext(), a, l.log(c), in, l.s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(l.base(c)+"#log", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return l.again(c, a, logBook{Contact: f})
}

// entry is the number of the entry in the address.
func entryNumber(c *fiber.Ctx) (int, error) {
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 {
		return 0, fiber.ErrNotFound
	}
	return n, nil
}

// complete adds to one entry what is added once, and goes back to it.
func (l logDoor) complete(c *fiber.Ctx, a alerts.Actor, again func(*Form, int) logBook, do func(*Form, int) error) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	f, err := l.s.formOf(c)
	if err != nil {
		return err
	}
	err = do(f, n)
	if err == nil && len(f.Errors) == 0 {
		return c.Redirect(l.base(c)+"#contact-"+strconv.Itoa(n), fiber.StatusSeeOther)
	}
	if err != nil && !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return l.again(c, a, again(f, n))
}

func (l logDoor) answered(c *fiber.Ctx, a alerts.Actor) error {
	return l.complete(c, a, func(f *Form, n int) logBook { return logBook{Answer: f, N: n} }, func(f *Form, n int) error {
		in := partners.NewAnswer{At: f.When("at"), Text: f.Get("text"), Satisfied: f.Get("satisfied"), Person: f.Get("person"), Reference: f.Get("reference"), Documents: f.documents()}
		if len(f.Errors) > 0 {
			return nil
		}
		_, err := l.s.Partners.AnswerEntry(c.UserContext(), a, l.log(c), n, in, l.s.request(c, a, c.Body()))
		return err
	})
}

func (l logDoor) finished(c *fiber.Ctx, a alerts.Actor) error {
	return l.complete(c, a, func(f *Form, n int) logBook { return logBook{Done: f, N: n} }, func(f *Form, n int) error {
		_, err := l.s.Partners.FinishStep(c.UserContext(), a, l.log(c), n, partners.StepDone{Note: f.Get("note")}, l.s.request(c, a, c.Body()))
		return err
	})
}

// Proofs are how it can be known that something arrived.
func (p *Page) Proofs() []string { return partners.ProofKinds() }

// ConfidentialKinds are from whom an entry can be kept.
func (p *Page) ConfidentialKinds() []string { return partners.Confidentials() }
