package partners

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// NewPartner is what an organisation is entered with.
type NewPartner struct {
	Name      string    `json:"name"`
	Coverage  geo.Area  `json:"coverage"`
	Languages []string  `json:"languages"`
	Agreement Agreement `json:"agreement"`
	People    []Person  `json:"people,omitempty"`
	Zone      string    `json:"zone,omitempty"`
	Rota      []Shift   `json:"rota,omitempty"`
	Services  []string  `json:"services,omitempty"`
	Silence   []Silence `json:"silence,omitempty"`
	PFIF      bool      `json:"pfif,omitempty"`
	Fictional bool      `json:"fictional,omitempty"`
}

// PartnerPatch changes an organisation; fields that are nil stay. State may be
// set to suspended or ended; approving has a route of its own.
type PartnerPatch struct {
	Name      *string       `json:"name,omitempty"`
	Coverage  *geo.Area     `json:"coverage,omitempty"`
	Languages *[]string     `json:"languages,omitempty"`
	Agreement *Agreement    `json:"agreement,omitempty"`
	People    *[]Person     `json:"people,omitempty"`
	State     *PartnerState `json:"state,omitempty"`
	Zone      *string       `json:"zone,omitempty"`
	Rota      *[]Shift      `json:"rota,omitempty"`
	Services  *[]string     `json:"services,omitempty"`
	Silence   *[]Silence    `json:"silence,omitempty"`
	PFIF      *bool         `json:"pfif,omitempty"`
}

// The longest texts and lists of an organisation.
const (
	maxName      = 200
	maxLanguages = 40
	maxPeople    = 200
)

// CreatePartner enters an organisation. Until another account approves it, it
// is told of no alert.
func (d *Desk) CreatePartner(ctx context.Context, a alerts.Actor, in NewPartner, r alerts.Request) (PartnerView, error) {
	id := alerts.NewID(d.Random)
	done, err := d.Do(ctx, a, "partner.create", r, func(v *journal.View) (journal.Outcome, error) {
		p := &Partner{
			Head: journal.Head{ID: id}, Name: in.Name, State: PartnerPending, Coverage: in.Coverage,
			Languages: in.Languages, Agreement: in.Agreement, People: in.People, MadeBy: a.ID, Fictional: in.Fictional,
			Zone: in.Zone, Rota: in.Rota, Services: in.Services, Silence: in.Silence,
			PFIF: in.PFIF,
		}
		if err := partnerFields(p, d.Regions, d.newID).Err(); err != nil {
			return journal.Outcome{}, err
		}
		p.Coverage = p.Coverage.Normalize()
		return journal.Outcome{Documents: []journal.Document{p}}, nil
	})
	if err != nil {
		return PartnerView{}, err
	}
	return d.showPartner(ctx, a, done.Keys[0].ID)
}

// PatchPartner changes an organisation of which the caller has seen the given
// version. Live alerts that it now sees, or sees no more, are settled in the
// same change.
func (d *Desk) PatchPartner(ctx context.Context, a alerts.Actor, id string, in PartnerPatch, version int, r alerts.Request) (PartnerView, error) {
	act := "partner.patch"
	if in.State != nil {
		act = "partner.suspend"
	}
	return d.changePartner(ctx, a, act, id, r, func(p *Partner, now time.Time) error {
		if err := expected(version, p.Version); err != nil {
			return err
		}
		return partnerPatchRule(p, in, d.Regions, d.newID)
	})
}

// ApprovePartner lets an organisation be told of alerts. It is by another
// account than the one that entered it.
func (d *Desk) ApprovePartner(ctx context.Context, a alerts.Actor, id string, r alerts.Request) (PartnerView, error) {
	return d.VetPartner(ctx, a, id, NewVetting{}, r)
}

// SuspendPartner stops an organisation at once, by one person: what it sees is
// withdrawn.
func (d *Desk) SuspendPartner(ctx context.Context, a alerts.Actor, id string, r alerts.Request) (PartnerView, error) {
	return d.changePartner(ctx, a, "partner.suspend", id, r, func(p *Partner, now time.Time) error {
		if p.State != PartnerEnded {
			p.State = PartnerSuspended
		}
		return nil
	})
}

// changePartner runs a rule on a copy of an organisation and settles what it
// sees of the live alerts with the outcome, in one change.
func (d *Desk) changePartner(ctx context.Context, a alerts.Actor, act, id string, r alerts.Request, rule func(*Partner, time.Time) error) (PartnerView, error) {
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Partner](v, "partners", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		p := *old
		p.Keys = slices.Clone(p.Keys)
		if err := rule(&p, v.Now); err != nil {
			return journal.Outcome{}, err
		}
		documents, err := d.settle(v, &p)
		return journal.Outcome{Documents: append([]journal.Document{&p}, documents...)}, err
	})
	if err != nil {
		return PartnerView{}, err
	}
	return d.showPartner(ctx, a, id)
}

func partnerPatchRule(p *Partner, in PartnerPatch, regions *geo.Regions, newID func() string) error {
	replace(&p.Name, in.Name)
	replace(&p.Coverage, in.Coverage)
	replace(&p.Languages, in.Languages)
	replace(&p.Agreement, in.Agreement)
	replace(&p.People, in.People)
	replace(&p.Zone, in.Zone)
	replace(&p.Rota, in.Rota)
	replace(&p.Services, in.Services)
	replace(&p.Silence, in.Silence)
	replace(&p.PFIF, in.PFIF)
	f := partnerFields(p, regions, newID)
	if in.State != nil {
		if *in.State != PartnerSuspended && *in.State != PartnerEnded {
			f.Add("state", "unknown_value", "A state set here is suspended or ended; approving is a step of its own.")
		}
		if p.State == PartnerEnded && *in.State != PartnerEnded {
			return alerts.Errorf(alerts.Conflict, "This organisation has ended. Enter it anew.")
		}
		p.State = *in.State
	}
	if err := f.Err(); err != nil {
		return err
	}
	p.Coverage = p.Coverage.Normalize()
	return nil
}

func replace[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func approveRule(p *Partner, a alerts.Actor, now time.Time) error {
	switch {
	case p.MadeBy == a.ID:
		return alerts.Errorf(alerts.Forbidden, "Another account than the one that entered the organisation must approve it.")
	case a.Kind != alerts.KindPerson && a.Kind != alerts.KindService:
		return alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	case p.State == PartnerEnded:
		return alerts.Errorf(alerts.Conflict, "This organisation has ended. Enter it anew.")
	}
	if p.State != PartnerApproved {
		p.State, p.ApprovedBy, p.ApprovedAt = PartnerApproved, a.ID, now
	}
	return nil
}

// partnerFields returns everything that is wrong with an organisation, and
// tidies its texts.
func partnerFields(p *Partner, regions *geo.Regions, newID func() string) alerts.Fields {
	var f alerts.Fields
	p.Name = line(&f, "name", p.Name)
	if p.Name == "" {
		f.Add("name", "required", "Name the organisation.")
	}
	for _, w := range p.Coverage.Validate(regions) {
		f.Add(strings.TrimSuffix("coverage."+w.Field, "."), w.Code, w.Message)
	}
	if len(p.Languages) > maxLanguages || slices.ContainsFunc(p.Languages, func(l string) bool { return !isLanguage(l) }) {
		f.Add("languages", "unknown_language", "Name languages by their BCP 47 codes, such as sr-Latn.")
	}
	p.Agreement.Reference = line(&f, "agreement.reference", p.Agreement.Reference)
	p.Agreement.ValidUntil = p.Agreement.ValidUntil.UTC().Truncate(time.Millisecond)
	f = append(f, p.peopleFields(newID)...)
	return append(f, p.dutyFields()...)
}

func (d *Desk) newID() string { return alerts.NewID(d.Random) }

// line tidies a text of one line and refuses what is too long or cannot be
// shown.
func line(f *alerts.Fields, field, s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > maxName {
		f.Add(field, "too_long", "At most 200 characters.")
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		f.Add(field, "bad_character", "The text holds a character that cannot be shown.")
	}
	return s
}

func isLanguage(s string) bool {
	if len(s) < 2 || len(s) > 35 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// InForce tells whether there is an agreement now.
func (a Agreement) InForce(now time.Time) bool {
	return a.Reference != "" && a.ValidUntil.After(now)
}

// excluded says why an organisation is told of nothing now, "" when it is.
func (p *Partner) excluded(now time.Time) string {
	switch {
	case p.State != PartnerApproved:
		return string(p.State)
	case !p.Agreement.InForce(now):
		return "no_agreement"
	case p.vettingLapsed(now):
		return "vetting_lapsed"
	}
	return ""
}
