package demo

import (
	"context"
	"fmt"

	"homeward/alerts"
)

// staff are the people of the demonstration's desk.
type staff struct {
	administrator, jelena, marko, duty, operator, legal alerts.Actor
	// all are those whom one can sign in as, in the order to show them.
	all []alerts.Actor
}

// hire makes the first administrator, who makes everybody else's accounts.
func (t *teller) hire(ctx context.Context) error {
	code, _, err := t.Door.BootstrapAdmin(ctx)
	if err != nil {
		return err
	}
	if code == "" {
		return fmt.Errorf("the installation has an administrator already")
	}
	_, admin, err := t.Door.Accept(ctx, alerts.Acceptance{
		Code: code, Name: "Ana Probnić", Email: "ana.probnic@example.org", Password: alerts.NewID(t.Desk.Random),
	})
	if err != nil {
		return err
	}
	t.staff.administrator = admin
	for _, one := range []struct {
		role        alerts.Role
		name, email string
		to          *alerts.Actor
	}{
		{alerts.RoleCoordinator, "Jelena Primerović", "jelena.primerovic@example.org", &t.staff.jelena},
		{alerts.RoleCoordinator, "Marko Uzorković", "marko.uzorkovic@example.org", &t.staff.marko},
		{alerts.RoleDutyOfficer, "Vesna Zamislić", "vesna.zamislic@example.org", &t.staff.duty},
		{alerts.RoleOperator, "Nikola Maštarić", "nikola.mastaric@example.org", &t.staff.operator},
		{alerts.RoleLegal, "Ivana Paragrafić", "ivana.paragrafic@example.org", &t.staff.legal},
		{alerts.RolePoliceLiaison, "Dragan Veznić", "dragan.veznic@example.org", nil},
		{alerts.RolePrivacyOfficer, "Sanja Tajnić", "sanja.tajnic@example.org", nil},
	} {
		a, err := t.account(ctx, alerts.NewAccount{Kind: alerts.KindPerson, Role: one.role, Name: one.name, Email: one.email, Language: "sr-Latn"})
		if err != nil {
			return err
		}
		if one.to != nil {
			*one.to = a
		}
	}
	t.staff.all = append(t.staff.all, admin)
	return nil
}

// account makes an account and returns who acts with it.
func (t *teller) account(ctx context.Context, in alerts.NewAccount) (alerts.Actor, error) {
	made, err := t.Desk.CreateAccount(ctx, t.staff.administrator, in, alerts.Request{})
	if err != nil {
		return alerts.Actor{}, fmt.Errorf("make the account of a %s: %w", in.Role, err)
	}
	a := alerts.Actor{ID: made.ID, Kind: in.Kind, Role: in.Role, Name: in.Name, Partner: in.Partner}
	if in.Partner != "" {
		a.Kind = alerts.KindPartner
	}
	t.staff.all = append(t.staff.all, a)
	return a, nil
}

// takers are those who take calls and look at sightings.
func (t *teller) takers() []alerts.Actor {
	return []alerts.Actor{t.staff.operator, t.staff.jelena, t.staff.marko, t.staff.duty}
}
