package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// PartnerView is an organisation as staff see it. Hashes of keys are not in it.
type PartnerView struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	State      PartnerState `json:"state"`
	Coverage   geo.Area     `json:"coverage"`
	Languages  []string     `json:"languages"`
	Agreement  Agreement    `json:"agreement"`
	InForce    bool         `json:"agreement_in_force"`
	MadeBy     string       `json:"made_by"`
	ApprovedBy string       `json:"approved_by,omitempty"`
	ApprovedAt *time.Time   `json:"approved_at,omitempty"`
	// Vettings are the times that it was looked at, the newest last; Cares what
	// has to be done about it.
	Vettings []VettingView `json:"vettings"`
	Cares    []Care        `json:"cares"`
	Keys     []KeyView     `json:"keys"`
	People   []Person      `json:"people"`
	Zone     string        `json:"zone"`
	Rota     []Shift       `json:"rota"`
	Services []string      `json:"services"`
	// Silence holds what was agreed instead of the policy, Policies all rows
	// as they hold for this organisation.
	Silence   []Silence       `json:"silence"`
	Policies  []SilencePolicy `json:"policies"`
	Webhook   *WebhookView    `json:"webhook"`
	Duty      DutyView        `json:"duty"`
	PFIF      bool            `json:"pfif"`
	Fictional bool            `json:"fictional"`
	// LiveAlerts is how many live alerts it sees, Unconfirmed how many
	// withdrawals it has not confirmed.
	LiveAlerts  int       `json:"live_alerts"`
	Unconfirmed int       `json:"unconfirmed_removals"`
	Version     int       `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// KeyView is a key without its token.
type KeyView struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Levels []alerts.Level `json:"levels"`
	// Regions are what it is limited to, none for all that is covered.
	Regions   []string   `json:"regions,omitempty"`
	ExpiresAt time.Time  `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	MadeAt    time.Time  `json:"made_at"`
	// ReplacedBy is the id of the key that was made in its place.
	ReplacedBy string `json:"replaced_by,omitempty"`
}

// Partner returns one organisation.
func (d *Desk) Partner(ctx context.Context, a alerts.Actor, id string) (PartnerView, error) {
	if !d.readsPartners(a, id) {
		return PartnerView{}, missing("partner " + id)
	}
	return d.showPartner(ctx, a, id)
}

// Partners returns one page of the organisations that the actor may see, by
// name; next is nil on the last page.
func (d *Desk) Partners(a alerts.Actor, cursor string, limit int) (alerts.Page[PartnerView], error) {
	if limit <= 0 || limit > 200 {
		limit = 200
	}
	all := slices.DeleteFunc(d.board.Partners(), func(p *Partner) bool { return !d.readsPartners(a, p.ID) })
	from := 0
	if cursor != "" {
		from = 1 + slices.IndexFunc(all, func(p *Partner) bool { return p.ID == cursor })
		if from == 0 {
			var f alerts.Fields
			f.Add("cursor", "unknown", "This page has gone. Start at the first.")
			return alerts.Page[PartnerView]{}, f.Err()
		}
	}
	page := alerts.Page[PartnerView]{Items: []PartnerView{}}
	for _, p := range all[from:min(from+limit, len(all))] {
		page.Items = append(page.Items, d.viewPartner(a, p))
	}
	if from+limit < len(all) {
		page.Next = &all[from+limit-1].ID
	}
	return page, nil
}

// readsPartners tells whether the actor may see an organisation: staff see all,
// an organisation's own people theirs.
func (d *Desk) readsPartners(a alerts.Actor, id string) bool {
	if a.Partner != "" {
		return a.Partner == id
	}
	return d.Matrix.Route(a.Role, "GET /api/v1/partners")
}

func (d *Desk) showPartner(ctx context.Context, a alerts.Actor, id string) (PartnerView, error) {
	p, err := d.partnerNow(ctx, id)
	if err != nil {
		return PartnerView{}, err
	}
	return d.viewPartner(a, p), nil
}

func (d *Desk) viewPartner(a alerts.Actor, p *Partner) PartnerView {
	v := PartnerView{
		ID: p.ID, Name: p.Name, State: p.State, Coverage: p.Coverage, Languages: notNil(p.Languages),
		Agreement: p.Agreement, InForce: p.Agreement.InForce(d.Now()), MadeBy: p.MadeBy, ApprovedBy: p.ApprovedBy,
		ApprovedAt: timeOf(p.ApprovedAt), Keys: []KeyView{}, People: []Person{}, Fictional: p.Fictional,
		Zone: p.location().String(), Rota: notNil(p.Rota), Services: notNil(p.Services), Silence: notNil(p.Silence), Duty: p.DutyOf(d.Now()), PFIF: p.PFIF,
		LiveAlerts: len(d.board.Current(p.ID)), Unconfirmed: len(d.board.Unconfirmed(p.ID)),
		Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	v.Vettings, v.Cares = d.viewVettings(a, p), notNil(p.cares(d.limits, d.Now()))
	for i := range p.Keys {
		v.Keys = append(v.Keys, viewKey(&p.Keys[i]))
	}
	if a.Partner == p.ID || d.Matrix.Can(a.Role, "partner.patch") {
		v.People = notNil(p.People)
		if p.Webhook != nil {
			w := viewWebhook(p.Webhook)
			v.Webhook = &w
		}
	} else {
		v.Duty.OnDuty = []string{}
	}
	for _, s := range d.board.silence {
		v.Policies = append(v.Policies, policyFor(d.board.silence, p, s.Severity))
	}
	return v
}

func viewKey(k *Key) KeyView {
	return KeyView{ID: k.ID, Name: k.Name, Levels: notNil(k.Levels), Regions: slices.Clone(k.Regions), ExpiresAt: k.ExpiresAt, RevokedAt: timeOf(k.RevokedAt), MadeAt: k.MadeAt, ReplacedBy: k.ReplacedBy}
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return slices.Clone(s)
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
