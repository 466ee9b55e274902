package partners

import (
	"context"
	"errors"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// NewComparison is what an agreement to compare is proposed with.
type NewComparison struct {
	// URL is the address of the other installation; without it only the other
	// side asks.
	URL string `json:"url,omitempty"`
	// Secret is the one that the other side made, or empty to make one here.
	Secret  string `json:"secret,omitempty"`
	Purpose string `json:"purpose"`
	Basis   string `json:"basis"`
	// From may be left out for at once, Until for a year.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// MadeComparison answers a proposal. Secret is told this once, and only when it
// was made here.
type MadeComparison struct {
	Secret string `json:"secret,omitempty"`
	ComparisonView
}

// ComparisonView is an agreement to compare as the desk sees it.
type ComparisonView struct {
	ID        string          `json:"id"`
	PartnerID string          `json:"partner_id"`
	State     ComparisonState `json:"state"`
	// InForce tells whether anything is compared now: the organisation's own
	// agreement must hold too.
	InForce  bool         `json:"in_force"`
	Purpose  string       `json:"purpose"`
	Basis    string       `json:"basis"`
	URL      string       `json:"url,omitempty"`
	From     time.Time    `json:"from"`
	Until    time.Time    `json:"until"`
	MadeBy   string       `json:"made_by"`
	MadeAt   time.Time    `json:"made_at"`
	OnBy     string       `json:"on_by,omitempty"`
	OnAt     *time.Time   `json:"on_at,omitempty"`
	EndedBy  string       `json:"ended_by,omitempty"`
	EndedAt  *time.Time   `json:"ended_at,omitempty"`
	EndedFor string       `json:"ended_for,omitempty"`
	Runs     []CompareRun `json:"runs"`
	// Unusual says that the other side asks for much more than its own children
	// give rise to.
	Unusual  bool       `json:"unusual"`
	NextAt   *time.Time `json:"next_at,omitempty"`
	FailedAt *time.Time `json:"failed_at,omitempty"`
	Failure  string     `json:"failure,omitempty"`
	// Children is how many children take part now, Without how many cannot
	// because name or birth date is missing, Kept how many cases are kept out.
	Children int `json:"children"`
	Without  int `json:"without"`
	Kept     int `json:"kept_out"`
	Version  int `json:"version"`
}

// ProposeComparison writes down that an organisation and we want to compare. It
// begins once a second person has approved it. The same request gives the same
// secret again.
func (d *Desk) ProposeComparison(ctx context.Context, a alerts.Actor, partnerID string, in NewComparison, r alerts.Request) (MadeComparison, error) {
	made := ""
	if in.Secret == "" {
		made = writeSecret(d.Seed("comparison "+partnerID, r))
		in.Secret = made
	}
	id := alerts.NewID(d.Random)
	_, err := d.Do(ctx, a, "compare.propose", r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.proposeRule(v, a, id, partnerID, in)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{c}}, nil
	})
	if err != nil {
		return MadeComparison{}, err
	}
	view, err := d.Comparison(ctx, a, partnerID)
	return MadeComparison{made, view}, err
}

func (d *Desk) proposeRule(v *journal.View, a alerts.Actor, id, partnerID string, in NewComparison) (*Comparison, error) {
	p, err := journal.Load[*Partner](v, "partners", partnerID)
	if err != nil {
		return nil, missing("partner " + partnerID)
	}
	if p.State == PartnerEnded || p.State == PartnerSuspended {
		return nil, alerts.Errorf(alerts.Conflict, "This organisation is suspended or has ended.")
	}
	check := newChecker(v.Now, time.UTC)
	c := &Comparison{Head: journal.Head{ID: id}, PartnerID: partnerID, State: ComparisonProposed, Purpose: in.Purpose, Basis: in.Basis, URL: in.URL, MadeBy: a.ID}
	check.text("purpose", in.Purpose, textLength, true)
	check.text("basis", in.Basis, textLength, true)
	if in.URL != "" {
		if code, message := webhookAddress(in.URL); code != "" {
			check.Add("url", code, message)
		}
	}
	c.From, c.Until = in.From.UTC().Truncate(time.Millisecond), in.Until.UTC().Truncate(time.Millisecond)
	if in.From.IsZero() {
		c.From = v.Now
	}
	if longest := c.From.Add(d.compare.Life); in.Until.IsZero() {
		c.Until = longest
	} else if c.Until.After(longest.Add(24 * time.Hour)) {
		check.Add("until", "too_late", "Comparing is agreed on for a year at most.")
	} else if !c.Until.After(c.From) || !c.Until.After(v.Now) {
		check.Add("until", "in_the_past", "The end must lie ahead, and after the start.")
	}
	_, token, ok := compareKeys(in.Secret)
	if !ok {
		check.Add("secret", "not_a_secret", "This is not a shared secret. It begins with hwcs_.")
	}
	c.Secret, c.Token = in.Secret, alerts.HashSecret(token)
	for _, other := range d.board.Comparisons() {
		switch {
		case other.State == ComparisonEnded:
		case other.PartnerID == partnerID:
			return nil, alerts.Errorf(alerts.Conflict, "There is an agreement to compare with this organisation already. End it first.")
		case ok && slices.Equal(other.Token, c.Token):
			check.Add("secret", "secret_in_use", "This secret is in use with another organisation. Make a new one.")
		}
	}
	return c, check.Err()
}

// ApproveComparison switches comparing on. It is by another account than the one
// that proposed it.
func (d *Desk) ApproveComparison(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request) (ComparisonView, error) {
	return d.changeComparison(ctx, a, "compare.approve", partnerID, r, func(v *journal.View, c *Comparison) error {
		switch {
		case c.State != ComparisonProposed:
			return alerts.Errorf(alerts.Conflict, "This agreement does not wait for approval.")
		case a.Kind != alerts.KindPerson || a.ID == c.MadeBy:
			return alerts.Errorf(alerts.Forbidden, "Somebody else than who proposed comparing has to approve it.")
		case !c.Until.After(v.Now):
			return alerts.Errorf(alerts.Conflict, "The time that was agreed on is over.")
		}
		c.State, c.OnBy, c.OnAt, c.NextAt = ComparisonOn, a.ID, v.Now, c.From
		return nil
	})
}

// EndComparison ends comparing at once, by one person. The secret, the hashes
// and the matches on which not both have agreed are forgotten in the same change.
func (d *Desk) EndComparison(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request) (ComparisonView, error) {
	c, ok := d.board.ComparisonWith(partnerID)
	if !ok {
		return ComparisonView{}, missing("comparison with " + partnerID)
	}
	_, err := d.Do(ctx, a, "compare.end", r, func(v *journal.View) (journal.Outcome, error) { return d.endComparison(v, c.ID, a.ID, "staff") })
	if err != nil {
		return ComparisonView{}, err
	}
	return d.Comparison(ctx, a, partnerID)
}

func (d *Desk) endComparison(v *journal.View, id, by, why string) (journal.Outcome, error) {
	old, err := journal.Load[*Comparison](v, "comparisons", id)
	if err != nil || old.State == ComparisonEnded {
		return journal.Outcome{}, err
	}
	next := *old
	next.State, next.Secret, next.Token, next.EndedAt, next.EndedBy, next.EndedFor = ComparisonEnded, "", nil, v.Now, by, why
	out := journal.Outcome{Documents: []journal.Document{&next}}
	for _, known := range d.board.Matches() {
		if known.ComparisonID != id {
			continue
		}
		m, err := journal.Load[*Match](v, "matches", known.ID)
		if errors.Is(err, journal.ErrNotFound) {
			continue
		} else if err != nil {
			return journal.Outcome{}, err
		}
		if m.State != MatchBoth {
			out.Forget = append(out.Forget, journal.Key{Collection: "matches", ID: m.ID})
			continue
		}
		kept := *m
		kept.Hashes = nil
		out.Documents = append(out.Documents, &kept)
	}
	return out, nil
}

// TakeCompareSteps ends agreements whose time is over. Any node may call it each
// second; an end is written once.
func (d *Desk) TakeCompareSteps(ctx context.Context) error {
	var failures []error
	for _, c := range d.board.Comparisons() {
		if c.State == ComparisonEnded || d.Now().Before(c.Until) {
			continue
		}
		_, err := d.Do(ctx, alerts.System(), "compare.expire", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
			return d.endComparison(v, c.ID, alerts.System().ID, "time")
		})
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

func (d *Desk) changeComparison(ctx context.Context, a alerts.Actor, act, partnerID string, r alerts.Request, rule func(*journal.View, *Comparison) error) (ComparisonView, error) {
	known, ok := d.board.ComparisonWith(partnerID)
	if !ok {
		return ComparisonView{}, missing("comparison with " + partnerID)
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Comparison](v, "comparisons", known.ID)
		if err != nil {
			return journal.Outcome{}, err
		}
		next := *old
		if err := rule(v, &next); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	if err != nil {
		return ComparisonView{}, err
	}
	return d.Comparison(ctx, a, partnerID)
}

// Comparison returns the newest agreement to compare with an organisation.
func (d *Desk) Comparison(_ context.Context, a alerts.Actor, partnerID string) (ComparisonView, error) {
	c, ok := d.board.ComparisonWith(partnerID)
	if a.Partner != "" || !ok {
		return ComparisonView{}, missing("comparison with " + partnerID)
	}
	return d.comparisonView(c), nil
}

func (d *Desk) comparisonView(c *Comparison) ComparisonView {
	now := d.Now()
	p, _ := d.board.Partner(c.PartnerID)
	v := ComparisonView{
		ID: c.ID, PartnerID: c.PartnerID, State: c.State, InForce: c.inForce(p, now), Purpose: c.Purpose, Basis: c.Basis, URL: c.URL,
		From: c.From, Until: c.Until, MadeBy: c.MadeBy, MadeAt: c.CreatedAt, OnBy: c.OnBy, OnAt: timeOf(c.OnAt), EndedBy: c.EndedBy, EndedAt: timeOf(c.EndedAt),
		EndedFor: c.EndedFor, Runs: notNil(c.Runs), Unusual: c.unusual(d.compare, now), Version: c.Version,
	}
	slices.Reverse(v.Runs)
	if c.State != ComparisonEnded {
		v.FailedAt, v.Failure = timeOf(c.FailedAt), c.Failure
		v.Children, v.Without, v.Kept = d.takingPart()
		if c.State == ComparisonOn && c.URL != "" {
			v.NextAt = timeOf(c.NextAt)
		}
	}
	return v
}
