package partners

import (
	"context"
	"time"

	"homeward/alerts"
)

// OwnPatch is what an organisation's people may change of it themselves: whom to
// reach, when and how. Fields that are nil stay.
type OwnPatch struct {
	Languages *[]string `json:"languages,omitempty"`
	Services  *[]string `json:"services,omitempty"`
	People    *[]Person `json:"people,omitempty"`
	Zone      *string   `json:"zone,omitempty"`
	Rota      *[]Shift  `json:"rota,omitempty"`
}

// OwnOrganisation returns the organisation that the actor belongs to.
func (d *Desk) OwnOrganisation(ctx context.Context, a alerts.Actor) (PartnerView, error) {
	if a.Partner == "" {
		return PartnerView{}, missing("organisation of " + a.ID)
	}
	return d.Partner(ctx, a, a.Partner)
}

// PatchOwnOrganisation changes people, rota and languages of the organisation
// that the actor belongs to, as the actor has seen it at a version. What it
// covers and which agreement it has is the desk's.
func (d *Desk) PatchOwnOrganisation(ctx context.Context, a alerts.Actor, in OwnPatch, version int, r alerts.Request) (PartnerView, error) {
	if a.Partner == "" {
		return PartnerView{}, missing("organisation of " + a.ID)
	}
	if err := d.mayManage(a, a.Partner); err != nil {
		return PartnerView{}, err
	}
	return d.changePartner(ctx, a, "partner.own", a.Partner, r, func(p *Partner, _ time.Time) error {
		if err := expected(version, p.Version); err != nil {
			return err
		}
		patch := PartnerPatch{Languages: in.Languages, Services: in.Services, People: in.People, Zone: in.Zone, Rota: in.Rota}
		return partnerPatchRule(p, patch, d.Regions, d.newID)
	})
}
