package partners

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo/script"
	"homeward/partners/abduction"
)

// Freshness says whether an entry of the directory can be relied on.
type Freshness string

// The kinds of freshness. An entry is stale six months after it was verified.
const (
	Verified     Freshness = "verified"
	StaleEntry   Freshness = "stale"
	ToBeVerified Freshness = "to_be_verified"
)

// InstitutionView is what a reader gets of an entry.
type InstitutionView struct {
	ID        string    `json:"id"`
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Country   string    `json:"country"`
	Regions   []string  `json:"regions"`
	Area      string    `json:"area"`
	Roles     []string  `json:"roles"`
	Languages []string  `json:"languages"`
	Hours     string    `json:"hours"`
	TimeZone  string    `json:"time_zone"`
	Channels  []Channel `json:"channels"`
	// People and VerifiedBy are there only in one entry, and only for those who
	// may see them.
	People     []InstitutionPerson `json:"people,omitempty"`
	VerifiedAt *time.Time          `json:"verified_at"`
	VerifiedBy string              `json:"verified_by,omitempty"`
	Freshness  Freshness           `json:"freshness"`
	Source     string              `json:"source"`
	Fictional  bool                `json:"fictional,omitempty"`
}

// InstitutionFilter chooses entries. Zero fields choose all.
type InstitutionFilter struct {
	Kind, Country, Region, Role, Language string
	// Text is looked for in names, areas, sources of entries and channels, in
	// both scripts.
	Text      string
	Freshness Freshness
	Cursor    string
	Limit     int // 50 when it is 0, at most 200
}

// Institution returns one entry of the directory. Reading its people is
// recorded first.
func (d *Desk) Institution(ctx context.Context, a alerts.Actor, id string) (InstitutionView, error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return InstitutionView{}, err
	}
	i, ok := d.board.Institution(id)
	if !ok || !d.readsDirectory(a) {
		return InstitutionView{}, missing("institution " + id)
	}
	v := d.institutionView(a, i, zone, law.FreshMonths)
	if len(v.People) > 0 {
		if err := d.Reads.Record(ctx, a, "institutions/"+id, alerts.P10); err != nil {
			return InstitutionView{}, err
		}
	}
	return v, nil
}

// Institutions lists the directory by country and name.
func (d *Desk) Institutions(_ context.Context, a alerts.Actor, f InstitutionFilter) (alerts.Page[InstitutionView], error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return alerts.Page[InstitutionView]{}, err
	}
	if !d.readsDirectory(a) {
		return alerts.Page[InstitutionView]{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	after, err := openCursor(f.Cursor)
	if err != nil {
		return alerts.Page[InstitutionView]{}, err
	}
	page := alerts.Page[InstitutionView]{Items: []InstitutionView{}}
	limit := pageLimit(f.Limit)
	words := script.Fold(f.Text)
	var last *Institution
	for _, i := range d.board.Institutions() {
		if f.Cursor != "" && slices.Compare(i.place(), after) <= 0 {
			continue
		}
		v := d.institutionItem(i, zone, law.FreshMonths)
		if !f.chooses(&v, words) {
			continue
		}
		if len(page.Items) == limit {
			next := sealCursor(last.place())
			page.Next = &next
			break
		}
		page.Items, last = append(page.Items, v), i
	}
	return page, nil
}

// readsDirectory tells whether a role works with institutions: those that are
// allowed the route.
func (d *Desk) readsDirectory(a alerts.Actor) bool {
	return a.Role == alerts.RoleSystem || d.Matrix.Route(a.Role, "GET /api/v1/institutions")
}

// place is what the directory is ordered by.
func (i *Institution) place() []string { return []string{i.Country, i.Name, i.ID} }

func compareInstitutions(x, y *Institution) int {
	return cmp.Or(strings.Compare(x.Country, y.Country), strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
}

func (f *InstitutionFilter) chooses(v *InstitutionView, words string) bool {
	if f.Kind != "" && f.Kind != v.Kind || f.Country != "" && f.Country != v.Country ||
		f.Role != "" && !slices.Contains(v.Roles, f.Role) || f.Region != "" && !slices.Contains(v.Regions, f.Region) ||
		f.Language != "" && !slices.ContainsFunc(v.Languages, func(l string) bool { return l == f.Language || strings.HasPrefix(l, f.Language+"-") }) || f.Freshness != "" && f.Freshness != v.Freshness {
		return false
	}
	if words == "" {
		return true
	}
	text := v.Name + " " + v.Area + " " + v.Source
	for _, c := range v.Channels {
		text += " " + c.Value
	}
	text = script.Fold(text)
	for _, w := range strings.Fields(words) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// institutionItem is the allow-list of an entry without its people. Nothing in
// it is personal.
func (d *Desk) institutionItem(i *Institution, zone *time.Location, months int) InstitutionView {
	v := InstitutionView{
		ID: i.ID, Version: i.Version, CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt,
		Name: i.Name, Kind: i.Kind, Country: i.Country, Regions: list(i.Regions), Area: i.Area, Hours: i.Hours, TimeZone: i.TimeZone,
		Source: i.Source, Fictional: i.Fictional,
		Roles: list(i.Roles), Languages: list(i.Languages), Channels: list(i.Channels),
		Freshness: freshness(i.VerifiedAt, d.Now(), zone, months),
	}
	if !i.VerifiedAt.IsZero() {
		v.VerifiedAt = &i.VerifiedAt
	}
	return v
}

// institutionView adds the people, and who checked the entry, for those who may
// see them. Reading the people is recorded by the caller.
func (d *Desk) institutionView(a alerts.Actor, i *Institution, zone *time.Location, months int) InstitutionView {
	v := d.institutionItem(i, zone, months)
	if d.seesPeople(a) {
		v.People, v.VerifiedBy = clonePeople(i.People), i.VerifiedBy
	}
	return v
}

// seesPeople tells whether somebody may see who works at institutions: those of
// the desk, as they see who of the desk does what.
func (d *Desk) seesPeople(a alerts.Actor) bool {
	return d.readsDirectory(a) && (a.Role == alerts.RoleSystem || d.Matrix.May(a, alerts.P10, alerts.StateActive, true))
}

// list returns a copy that is never nil, so that JSON has [] and not null.
func list[T any](s []T) []T { return append([]T{}, s...) }

func freshness(verified, now time.Time, zone *time.Location, months int) Freshness {
	if verified.IsZero() {
		return ToBeVerified
	}
	if abduction.DateOf(verified, zone).AddMonths(months).Before(abduction.DateOf(now, zone)) {
		return StaleEntry
	}
	return Verified
}
