package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// ReadinessView is what is to be looked at before a draft goes out: who gets it
// and why, whom it does not reach, who is off duty, and what is missing.
type ReadinessView struct {
	AlertID  string       `json:"alert_id"`
	Revision int          `json:"revision"`
	Level    alerts.Level `json:"level"`
	// New get the alert, Updated have it and get the update, Leaving are told
	// that it is no longer for them, Excluded are in the area and left out.
	New      int             `json:"new"`
	Updated  int             `json:"updated"`
	Leaving  []AudienceItem  `json:"leaving"`
	Excluded []AudienceItem  `json:"excluded"`
	Partners []ReadinessItem `json:"partners"`
	// MissingLanguages are spoken by somebody in the audience and not written.
	MissingLanguages []string `json:"missing_languages"`
	// Urgent alerts are not held back while nobody is on duty.
	Urgent bool `json:"urgent"`
}

// ReadinessItem is one partner that would get a draft.
type ReadinessItem struct {
	AudienceItem
	// Staffed tells whether somebody is on duty now; OnDutyAgain is when, if
	// not, in Zone; null when never.
	Staffed     bool       `json:"staffed"`
	OnDutyAgain *time.Time `json:"on_duty_again"`
	Zone        string     `json:"zone"`
	// Channels are the ways there are; Reachable tells whether one of them works.
	Channels  []ReadinessChannel `json:"channels"`
	Reachable bool               `json:"reachable"`
}

// ReadinessChannel is one way to a partner. State is works; or not_connected
// (its program could connect and has not), failing,
// test_failed, switched_off, no_mail_server.
type ReadinessChannel struct {
	Channel string `json:"channel"`
	State   string `json:"state"`
}

// ChannelWorks is the state of a channel that nothing is known against.
const ChannelWorks = "works"

// ChannelSocket is the live feed.
const ChannelSocket = "websocket"

// Outgoing is what the desk cannot know by itself of the ways out.
type Outgoing struct {
	// Connected are the organisations with an open connection.
	Connected map[string]bool
	// Mail tells whether e-mail can be sent.
	Mail bool
}

// ChannelTest is what came of the last test over one channel.
type ChannelTest struct {
	Channel string    `bson:"channel"`
	Person  string    `bson:"person,omitempty"`
	At      time.Time `bson:"at"`
	OK      bool      `bson:"ok"`
}

// Readiness returns what is to be looked at before the draft of an alert goes
// out, or of its current revision when there is no draft.
func (d *Desk) Readiness(a alerts.Actor, alertID string, out Outgoing) (ReadinessView, error) {
	v := ReadinessView{Partners: []ReadinessItem{}}
	audience, err := d.Audience(a, alertID)
	if err != nil {
		return v, err
	}
	v.AlertID, v.Revision, v.Level = audience.AlertID, audience.Revision, audience.Level
	v.Leaving, v.Excluded, v.MissingLanguages = audience.Leaving, audience.Excluded, audience.MissingLanguages
	if al, ok := d.Desk.Board.Alert(alertID); ok {
		r := al.Draft
		if r == nil {
			r = al.Current()
		}
		if r != nil {
			v.Urgent = policyFor(d.board.silence, nil, r.Severity).Urgent
		}
	}
	now := d.Now()
	for _, item := range audience.Partners {
		if item.New {
			v.New++
		} else {
			v.Updated++
		}
		if p, ok := d.board.Partner(item.PartnerID); ok {
			v.Partners = append(v.Partners, p.readiness(item, audience.Level, out, now))
		}
	}
	return v, nil
}

func (p *Partner) readiness(item AudienceItem, level alerts.Level, out Outgoing, now time.Time) ReadinessItem {
	duty := p.DutyOf(now)
	r := ReadinessItem{AudienceItem: item, Staffed: duty.Staffed, Zone: p.location().String(), Channels: p.ways(level, out, now)}
	if !duty.Staffed {
		r.OnDutyAgain = duty.Next
	}
	r.Reachable = slices.ContainsFunc(r.Channels, func(c ReadinessChannel) bool { return c.State == ChannelWorks })
	return r
}

// ways are the channels to an organisation, in the order of the ladder.
func (p *Partner) ways(level alerts.Level, out Outgoing, now time.Time) []ReadinessChannel {
	ways := []ReadinessChannel{}
	add := func(channel, state string) { ways = append(ways, ReadinessChannel{channel, state}) }
	switch {
	case out.Connected[p.ID]:
		add(ChannelSocket, ChannelWorks)
	case slices.ContainsFunc(p.Keys, func(k Key) bool { return keyEnded(p, &k, now) == "" }):
		add(ChannelSocket, "not_connected")
	}
	if w := p.Webhook; w != nil && w.URL != "" && w.takes(level) {
		switch {
		case !w.works():
			add(ChannelWebhook, "switched_off")
		case !w.FailingSince.IsZero():
			add(ChannelWebhook, "failing")
		case p.testFailed(ChannelWebhook, "", w.LastWorked):
			add(ChannelWebhook, "test_failed")
		default:
			add(ChannelWebhook, ChannelWorks)
		}
	}
	if state := p.mailState(out.Mail); state != "" {
		add(ChannelEmail, state)
	}
	if slices.ContainsFunc(p.People, func(q Person) bool { return q.Phone != "" && slices.Contains(q.channels(), ChannelCall) }) {
		add(ChannelCall, ChannelWorks)
	}
	return ways
}

// mailState says whether e-mail reaches somebody of the organisation, "" when
// nobody wants it.
func (p *Partner) mailState(server bool) string {
	state := ""
	for _, q := range p.named() {
		if q.Email == "" || !slices.Contains(q.channels(), ChannelEmail) {
			continue
		}
		switch {
		case !server:
			return "no_mail_server"
		case !p.testFailed(ChannelEmail, q.ID, time.Time{}):
			return ChannelWorks
		}
		state = "test_failed"
	}
	return state
}

// testFailed tells whether the last test over a channel failed, and nothing has
// gone through it since.
func (p *Partner) testFailed(channel, person string, worked time.Time) bool {
	return slices.ContainsFunc(p.Tests, func(t ChannelTest) bool {
		return t.Channel == channel && t.Person == person && !t.OK && t.At.After(worked)
	})
}

// RecordTest keeps what came of a test message, so that whoever releases an
// alert knows of a channel that does not work. It does not raise the version of
// the organisation, which nobody has changed.
func (d *Desk) RecordTest(ctx context.Context, a alerts.Actor, partnerID string, in TestRequest, ok bool) error {
	if err := d.mayManage(a, partnerID); err != nil {
		return err
	}
	_, err := d.Do(ctx, a, "partner.test", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		p := *old
		p.Version-- // the journal counts it up again
		p.Tests = slices.DeleteFunc(slices.Clone(p.Tests), func(t ChannelTest) bool {
			_, known := p.person(t.Person)
			return t.Channel == in.Channel && t.Person == in.Person || t.Person != "" && !known
		})
		p.Tests = append(p.Tests, ChannelTest{in.Channel, in.Person, v.Now, ok})
		return journal.Outcome{Documents: []journal.Document{&p}}, nil
	})
	return err
}
