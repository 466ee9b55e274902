package partners

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// linkSession is how long what a one-time link opened stays open.
const linkSession = 2 * time.Hour

// linkToken is what a code holds. It names nothing but ids, and only this
// installation can make or read it.
type linkToken struct {
	Use     string `json:"u"` // link or session
	Alert   string `json:"a"`
	Partner string `json:"p"`
	Number  int    `json:"n"`
	Expires int64  `json:"e"`
}

func (d *Desk) sealLink(t linkToken) string {
	b, err := json.Marshal(t)
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return base64.RawURLEncoding.EncodeToString(d.Ring.SealToken(b))
}

func (d *Desk) openLink(s, use string) (linkToken, error) {
	var t linkToken
	sealed, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		var b []byte
		if b, err = d.Ring.OpenToken(sealed); err == nil {
			err = json.Unmarshal(b, &t)
		}
	}
	if err != nil || t.Use != use || d.Now().Unix() >= t.Expires {
		return t, usedLink()
	}
	return t, nil
}

func usedLink() error {
	return alerts.Errorf(alerts.Unauthenticated, "This link has been used or is too old. Sign in to see the alert.")
}

// linkCode opens the alert of an e-mail once, for a while.
func (d *Desk) linkCode(j Job, now time.Time) string {
	return d.sealLink(linkToken{"link", j.AlertID, j.PartnerID, j.Number, now.Add(d.limits.LinkLife).Unix()})
}

// OpenLink uses up the one-time code of an e-mail: the person it was sent to has
// opened the alert. It returns a token for what follows, and who that is. A code
// that was used, or is too old, is Unauthenticated.
func (d *Desk) OpenLink(ctx context.Context, code string) (token string, a alerts.Actor, alertID string, err error) {
	t, err := d.openLink(code, "link")
	if err != nil {
		return "", a, "", err
	}
	if a, err = d.linkActor(t); err != nil {
		return "", a, "", err
	}
	_, err = d.Do(ctx, a, "delivery.opened", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		s, err := loadAnswering(v, t.Partner, t.Alert)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := s.useLink(t.Number, a.Name, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return "", a, "", err
	}
	t.Use, t.Expires = "session", d.Now().Add(linkSession).Unix()
	return d.sealLink(t), a, t.Alert, nil
}

// useLink notes that the link of a try was used, and that the person opened the
// alert when it goes on.
func (s *answering) useLink(number int, by string, now time.Time) (*Delivery, error) {
	d := s.begin()
	if number < 1 || number > len(d.Tries) {
		return nil, usedLink()
	}
	d.Tries = slices.Clone(d.Tries)
	t := &d.Tries[number-1]
	if !t.Used.IsZero() || t.Channel != ChannelEmail {
		return nil, usedLink()
	}
	t.Used = now
	if !s.withdrawn() {
		d.take(DeliveryOpened, s.newest(), Act{Channel: ChannelEmail, By: by}, now)
	}
	return d, nil
}

// LinkActor returns who an opened link belongs to and the alert that it opens,
// and nothing else.
func (d *Desk) LinkActor(token string) (alerts.Actor, string, error) {
	t, err := d.openLink(token, "session")
	if err != nil {
		return alerts.Actor{}, "", err
	}
	a, err := d.linkActor(t)
	return a, t.Alert, err
}

// linkActor is the person that the message of a link was for. One who is not
// among the organisation's people any more opens nothing.
func (d *Desk) linkActor(t linkToken) (alerts.Actor, error) {
	p, ok := d.board.Partner(t.Partner)
	delivery, found := d.board.Delivery(t.Alert, t.Partner)
	if !ok || !found || t.Number < 1 || t.Number > len(delivery.Tries) || p.State == PartnerEnded {
		return alerts.Actor{}, usedLink()
	}
	q, ok := p.person(delivery.Tries[t.Number-1].Person)
	if !ok {
		return alerts.Actor{}, usedLink()
	}
	return alerts.Actor{
		ID: q.ID, Kind: alerts.KindPartner, Role: alerts.RolePartner, Name: q.Name, Partner: p.ID,
		Session: "link", ExpiresAt: time.Unix(t.Expires, 0),
	}, nil
}
