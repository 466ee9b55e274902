package realtime

// referralFrame tells a partner that a referral waits for its answer. It carries
// no cursor and moves none: what waits is told anew on every connection, until
// the organisation has answered.
type referralFrame struct {
	Type       string `json:"type"`
	ReferralID string `json:"referral_id"`
	Number     string `json:"number"`
	Link       string `json:"link"`
}

// refer writes the referrals and conferences that wait and were not written on
// this connection.
func (c *partnerConn) refer() error {
	for _, r := range c.hub.o.Partners.Waiting(c.actor) {
		if c.asked[r.ID] >= r.Change {
			continue
		}
		if err := c.writeJSON(referralFrame{"referral", r.ID, r.Number, c.hub.o.Partners.ReferralPage(r.ID)}); err != nil {
			return err
		}
		if c.asked == nil {
			c.asked = map[string]uint64{}
		}
		c.asked[r.ID] = r.Change
	}
	return c.invite()
}

// conferenceFrame tells a partner that it is invited to a case conference, that
// its time has changed, or that it is off. Like the frame of a referral it
// carries no cursor and is told anew on every connection until it is answered.
type conferenceFrame struct {
	Type         string `json:"type"`
	ConferenceID string `json:"conference_id"`
	Number       string `json:"number"`
	Link         string `json:"link"`
}

// invite writes the conferences that wait and were not written on this
// connection.
func (c *partnerConn) invite() error {
	for _, r := range c.hub.o.Partners.Invitations(c.actor) {
		if c.asked[r.ID] >= r.Change {
			continue
		}
		if err := c.writeJSON(conferenceFrame{"conference", r.ID, r.Number, c.hub.o.Partners.ConferencePage(r.ID)}); err != nil {
			return err
		}
		if c.asked == nil {
			c.asked = map[string]uint64{}
		}
		c.asked[r.ID] = r.Change
	}
	return nil
}

// refers tells whether there is something to write for refer.
func (c *partnerConn) refers() bool {
	for _, r := range c.hub.o.Partners.Waiting(c.actor) {
		if c.asked[r.ID] < r.Change {
			return true
		}
	}
	for _, r := range c.hub.o.Partners.Invitations(c.actor) {
		if c.asked[r.ID] < r.Change {
			return true
		}
	}
	return false
}
