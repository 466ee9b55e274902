package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// checkInstitution notes every wrong field of an entry.
func (d *Desk) checkInstitution(i *Institution, c *checker) {
	c.line("name", i.Name, true)
	c.oneOf("kind", i.Kind, InstitutionKinds())
	c.country("country", i.Country)
	c.line("area", i.Area, false)
	c.line("hours", i.Hours, false)
	c.text("source", i.Source, textLength, false)
	for n, code := range i.Regions {
		if _, ok := d.region(code); !ok {
			c.Add(fmt.Sprintf("regions[%d]", n), "unknown_region", "There is no region with this code. Describe the area in words instead.")
		}
	}
	for n, role := range i.Roles {
		c.word(fmt.Sprintf("roles[%d]", n), role)
	}
	for n, language := range i.Languages {
		c.language(fmt.Sprintf("languages[%d]", n), language)
	}
	if _, err := time.LoadLocation(i.TimeZone); err != nil || i.TimeZone == "Local" {
		c.Add("time_zone", "time_zone", "This must be a time zone such as Europe/Belgrade.")
	}
	c.channels("channels", i.Channels)
	for n, p := range i.People {
		field := fmt.Sprintf("people[%d].", n)
		c.line(field+"name", p.Name, true)
		c.line(field+"function", p.Function, false)
		for k, r := range p.Channels {
			c.word(fmt.Sprintf("%schannels[%d].kind", field, k), r.Kind)
			c.line(fmt.Sprintf("%schannels[%d].value", field, k), r.Value, true)
		}
		c.few(field+"channels", len(p.Channels))
	}
	for field, n := range map[string]int{"regions": len(i.Regions), "roles": len(i.Roles), "languages": len(i.Languages), "people": len(i.People)} {
		c.few(field, n)
	}
	if !i.VerifiedAt.IsZero() {
		c.happened("verified_at", i.VerifiedAt)
	}
}

// region tells whether there is a region with this code. Without a list of
// regions any code is taken.
func (d *Desk) region(code string) (string, bool) {
	if d.Regions == nil {
		return code, true
	}
	r, ok := d.Regions.Lookup(code)
	return r.Code, ok && r.Code == code
}

func (c *checker) channels(field string, all []Channel) {
	c.few(field, len(all))
	for n, ch := range all {
		at := fmt.Sprintf("%s[%d].", field, n)
		c.word(at+"kind", ch.Kind)
		c.line(at+"value", ch.Value, true)
		c.text(at+"source", ch.Source, textLength, false)
		c.past(at+"as_of", ch.AsOf)
	}
}

// VerifyInstitution notes that somebody has checked an entry now, as they have
// seen it: version 0 is NeedsVersion, another than the stored one Stale.
func (d *Desk) VerifyInstitution(ctx context.Context, a alerts.Actor, id string, version int, r alerts.Request) (InstitutionView, error) {
	return d.institution(ctx, a, "institution.verify", r, func(v *journal.View) (*Institution, error) {
		old, err := journal.Load[*Institution](v, "institutions", id)
		if err != nil {
			return nil, err
		}
		if err := expected(version, old.Version); err != nil {
			return nil, err
		}
		i := *old
		i.verify(v.Now, a)
		return &i, nil
	})
}

// ForgetPeople takes the named people off an entry and destroys the key that
// they were sealed with, so that no copy of the store tells who they were.
func (d *Desk) ForgetPeople(ctx context.Context, a alerts.Actor, id string, r alerts.Request) (InstitutionView, error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return InstitutionView{}, err
	}
	_, err = d.Do(ctx, a, "institution.forget_people", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Institution](v, "institutions", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		i := *old
		i.People, i.PeopleEra = nil, old.PeopleEra+1
		return journal.Outcome{Documents: []journal.Document{&i}, Forget: []journal.Key{old.peopleKey()}}, nil
	})
	if err != nil {
		return InstitutionView{}, err
	}
	i, ok := d.board.Institution(id)
	if !ok {
		return InstitutionView{}, missing("institution " + id)
	}
	return d.institutionView(a, i, zone, law.FreshMonths), nil
}

// ToCheck is an entry that somebody should look at.
type ToCheck struct {
	InstitutionView
	// Waiting is how many answers it owes in the logs that the reader sees.
	Waiting int `json:"waiting"`
}

// InstitutionsToCheck lists the entries that were never verified or are stale:
// first those that answers are waited for from, then the longest unchecked.
func (d *Desk) InstitutionsToCheck(_ context.Context, a alerts.Actor) ([]ToCheck, error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	if !d.readsDirectory(a) {
		return nil, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	g, err := d.gather(a, "")
	if err != nil {
		return nil, err
	}
	waiting := map[string]int{}
	for i := range g.items {
		if g.items[i].Kind == DeadlineContact {
			waiting[g.items[i].InstitutionID]++
		}
	}
	out := []ToCheck{}
	for _, i := range d.board.Institutions() {
		if v := d.institutionItem(i, zone, law.FreshMonths); v.Freshness != Verified {
			out = append(out, ToCheck{v, waiting[i.ID]})
		}
	}
	slices.SortStableFunc(out, func(x, y ToCheck) int {
		if x.Waiting != y.Waiting {
			return y.Waiting - x.Waiting
		}
		return since(x).Compare(since(y))
	})
	return out, nil
}

func since(t ToCheck) time.Time {
	if t.VerifiedAt == nil {
		return time.Time{}
	}
	return *t.VerifiedAt
}
