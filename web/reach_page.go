package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// Senders sends test messages to other organisations and reports what they said.
type Senders interface {
	Test(ctx context.Context, d partners.Dispatch, channel string) partners.TestResult
}

// reachData is what a page about an organisation shows of how it is reached.
type reachData struct {
	// Tested is what the other side said to a test just now, Hook a webhook
	// whose secret is shown this once.
	Tested   *partners.TestResult
	Hook     *partners.MadeWebhook
	HookForm *Form
	// Manages is set for who may change the webhook, TestAt is where tests are
	// asked for.
	Manages bool
	TestAt  string
}

func (s *Server) reach(a alerts.Actor, v partners.PartnerView, base string, d reachData) reachData {
	d.Manages = s.Matrix.Can(a.Role, "partner.webhook")
	if s.Matrix.Can(a.Role, "partner.test") && s.Senders != nil {
		d.TestAt = base + "/tests"
	}
	if d.HookForm == nil {
		d.HookForm = s.newForm()
		if v.Webhook != nil {
			d.HookForm.Set("url", v.Webhook.URL)
		}
	}
	return d
}

// whose is the organisation that a page is about: the one of the address, or the
// reader's own.
func whose(c *fiber.Ctx, a alerts.Actor) string {
	if a.Partner != "" {
		return a.Partner
	}
	return c.Params("id")
}

// showReach shows the organisation again with what has just come of something.
func (s *Server) showReach(c *fiber.Ctx, a alerts.Actor, d reachData) error {
	if d.Hook != nil {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	if a.Partner != "" {
		return s.showOwn(c, a, ownData{reachData: d})
	}
	return s.showPartner(c, a, partnerData{Form: s.newForm(), reachData: d})
}

// webhookMade gives an organisation a webhook and shows its secret, once.
func (s *Server) webhookMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	made, err := s.Partners.SetWebhook(c.UserContext(), a, whose(c, a), partners.NewWebhook{URL: f.Get("url")}, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showReach(c, a, reachData{HookForm: f})
	}
	if err != nil {
		return err
	}
	return s.showReach(c, a, reachData{Hook: &made})
}

func (s *Server) webhookRotated(c *fiber.Ctx, a alerts.Actor) error {
	made, err := s.Partners.RotateWebhook(c.UserContext(), a, whose(c, a), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return s.showReach(c, a, reachData{Hook: &made})
}

// webhookSwitched switches a webhook on or off.
func (s *Server) webhookSwitched(do bareCommand[partners.WebhookView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		if _, err := do(c.UserContext(), a, whose(c, a), s.request(c, a, c.Body())); err != nil {
			return err
		}
		back := partnerAddress(c.Params("id"))
		if a.Partner != "" {
			back = "/partner/organisation"
		}
		return c.Redirect(back+"#webhook", fiber.StatusSeeOther)
	}
}

// channelTested sends a test message and shows what the other side said.
func (s *Server) channelTested(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	res, err := s.test(c, a, partners.TestRequest{Channel: f.Get("channel"), Person: f.Get("person")})
	if err != nil {
		return err
	}
	return s.showReach(c, a, reachData{Tested: &res})
}

func (s *Server) test(c *fiber.Ctx, a alerts.Actor, in partners.TestRequest) (partners.TestResult, error) {
	d, err := s.Partners.TestDispatch(c.UserContext(), a, whose(c, a), in)
	if err != nil {
		return partners.TestResult{}, err
	}
	if s.Senders == nil {
		return partners.TestResult{}, alerts.Errorf(alerts.Unavailable, "Nothing is sent from here.")
	}
	res := s.Senders.Test(c.UserContext(), d, in.Channel)
	return res, s.Partners.RecordTest(c.UserContext(), a, whose(c, a), in, res.OK)
}
