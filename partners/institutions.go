package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// InstitutionKinds returns the kinds of institution.
func InstitutionKinds() []string {
	return []string{"central_authority", "court", "police", "prosecutor", "social_work_centre", "ministry", "consulate",
		"ombudsman", "hotline", "mediator", "lawyer", "ngo", "other"}
}

// NewInstitution is what an entry of the directory is made of.
type NewInstitution struct {
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Country   string    `json:"country"`
	Regions   []string  `json:"regions,omitempty"`
	Area      string    `json:"area,omitempty"`
	Roles     []string  `json:"roles,omitempty"`
	Languages []string  `json:"languages,omitempty"`
	Hours     string    `json:"hours,omitempty"`
	TimeZone  string    `json:"time_zone,omitempty"`
	Channels  []Channel `json:"channels,omitempty"`
	// People are only taken from those who may see them.
	People []InstitutionPerson `json:"people,omitempty"`
	// VerifiedAt is when the entry was checked; zero is "to be verified".
	VerifiedAt time.Time `json:"verified_at,omitzero"`
	Source     string    `json:"source,omitempty"`
	Fictional  bool      `json:"fictional,omitempty"`
}

// InstitutionPatch changes an entry: fields that were not sent stay as they are.
type InstitutionPatch struct {
	Name       alerts.Optional[string]              `json:"name,omitzero"`
	Kind       alerts.Optional[string]              `json:"kind,omitzero"`
	Country    alerts.Optional[string]              `json:"country,omitzero"`
	Regions    alerts.Optional[[]string]            `json:"regions,omitzero"`
	Area       alerts.Optional[string]              `json:"area,omitzero"`
	Roles      alerts.Optional[[]string]            `json:"roles,omitzero"`
	Languages  alerts.Optional[[]string]            `json:"languages,omitzero"`
	Hours      alerts.Optional[string]              `json:"hours,omitzero"`
	TimeZone   alerts.Optional[string]              `json:"time_zone,omitzero"`
	Channels   alerts.Optional[[]Channel]           `json:"channels,omitzero"`
	People     alerts.Optional[[]InstitutionPerson] `json:"people,omitzero"`
	VerifiedAt alerts.Optional[time.Time]           `json:"verified_at,omitzero"`
	Source     alerts.Optional[string]              `json:"source,omitzero"`
}

// CreateInstitution adds an entry to the directory.
func (d *Desk) CreateInstitution(ctx context.Context, a alerts.Actor, in NewInstitution, r alerts.Request) (InstitutionView, error) {
	id := alerts.NewID(d.Random)
	return d.institution(ctx, a, "institution.create", r, func(v *journal.View) (*Institution, error) {
		i := in.institution(a)
		i.ID = id
		return i, nil
	})
}

// institution is the entry that is made. A rule may run again, so that it never
// shares a slice with its input.
func (in *NewInstitution) institution(a alerts.Actor) *Institution {
	i := &Institution{
		Name: in.Name, Kind: in.Kind, Country: in.Country, Regions: slices.Clone(in.Regions), Area: in.Area,
		Roles: slices.Clone(in.Roles), Languages: slices.Clone(in.Languages), Hours: in.Hours, TimeZone: in.TimeZone,
		Channels: slices.Clone(in.Channels), People: clonePeople(in.People), Source: in.Source, Fictional: in.Fictional,
	}
	i.verify(in.VerifiedAt, a)
	return i
}

func clonePeople(all []InstitutionPerson) []InstitutionPerson {
	out := slices.Clone(all)
	for n := range out {
		out[n].Channels = slices.Clone(out[n].Channels)
	}
	return out
}

// PatchInstitution changes an entry whose version the caller has seen. Version
// 0 is NeedsVersion, another than the stored one Stale.
func (d *Desk) PatchInstitution(ctx context.Context, a alerts.Actor, id string, version int, in InstitutionPatch, r alerts.Request) (InstitutionView, error) {
	return d.institution(ctx, a, "institution.patch", r, func(v *journal.View) (*Institution, error) {
		old, err := journal.Load[*Institution](v, "institutions", id)
		if err != nil {
			return nil, err
		}
		if err := expected(version, old.Version); err != nil {
			return nil, err
		}
		i := *old
		in.apply(&i, a)
		return &i, nil
	})
}

// institution carries out a command on one entry.
func (d *Desk) institution(ctx context.Context, a alerts.Actor, act string, r alerts.Request, rule func(*journal.View) (*Institution, error)) (InstitutionView, error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return InstitutionView{}, err
	}
	done, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		i, err := rule(v)
		if err != nil {
			return journal.Outcome{}, err
		}
		c := newChecker(v.Now, zone)
		d.checkInstitution(i, c)
		if err := c.Err(); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{i}}, nil
	})
	if err != nil {
		return InstitutionView{}, err
	}
	i, ok := d.board.Institution(done.Keys[0].ID)
	if !ok {
		return InstitutionView{}, missing("institution " + done.Keys[0].ID)
	}
	return d.institutionView(a, i, zone, law.FreshMonths), nil
}

func (in *InstitutionPatch) apply(i *Institution, a alerts.Actor) {
	take(&i.Name, in.Name)
	take(&i.Kind, in.Kind)
	take(&i.Country, in.Country)
	take(&i.Area, in.Area)
	take(&i.Hours, in.Hours)
	take(&i.TimeZone, in.TimeZone)
	take(&i.Source, in.Source)
	// A rule may run again, so that it never shares a slice with its input.
	if in.Regions.Set {
		i.Regions = slices.Clone(in.Regions.Value)
	}
	if in.Roles.Set {
		i.Roles = slices.Clone(in.Roles.Value)
	}
	if in.Languages.Set {
		i.Languages = slices.Clone(in.Languages.Value)
	}
	if in.Channels.Set {
		i.Channels = slices.Clone(in.Channels.Value)
	}
	if in.People.Set {
		i.People = clonePeople(in.People.Value)
	}
	if in.VerifiedAt.Set {
		i.verify(in.VerifiedAt.Value, a)
	}
}

// verify notes when an entry was checked, and by whom.
func (i *Institution) verify(at time.Time, a alerts.Actor) {
	i.VerifiedAt, i.VerifiedBy = at.UTC().Truncate(time.Millisecond), a.ID
	if at.IsZero() {
		i.VerifiedAt, i.VerifiedBy = time.Time{}, ""
	}
}

// expected compares the version that a caller has seen with the stored one.
func expected(version, stored int) error {
	switch version {
	case 0:
		return alerts.Errorf(alerts.NeedsVersion, "Say which version you have seen.")
	case stored:
		return nil
	}
	return alerts.Errorf(alerts.Stale, "Somebody has changed this in the meantime. Load it again.")
}

// take copies a value that was sent.
func take[T any](into *T, from alerts.Optional[T]) {
	if from.Set {
		*into = from.Value
	}
}
