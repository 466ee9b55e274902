package partners

import (
	"context"
	"testing"
	"time"

	"homeward/alerts"
)

func TestPartnersTakeTwoAccounts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	_, err := r.desk.CreatePartner(ctx, r.admin, NewPartner{Languages: []string{"?"}}, none)
	wantCode(t, err, alerts.Invalid)
	v, err := r.desk.CreatePartner(ctx, r.admin, NewPartner{Name: "one", Coverage: region("rs")}, none)
	must(t, err)
	if v.State != PartnerPending || v.Coverage.Regions[0] != "RS" {
		t.Fatalf("made %+v", v)
	}
	_, err = r.desk.ApprovePartner(ctx, r.admin, v.ID, none)
	wantCode(t, err, alerts.Forbidden)
	v, err = r.desk.ApprovePartner(ctx, r.second, v.ID, none)
	must(t, err)
	if v.State != PartnerApproved || v.ApprovedBy != r.second.ID {
		t.Fatalf("approved %+v", v)
	}
	name, approved := "two", PartnerApproved
	_, err = r.desk.PatchPartner(ctx, r.admin, v.ID, PartnerPatch{Name: &name}, 0, none)
	wantCode(t, err, alerts.NeedsVersion)
	_, err = r.desk.PatchPartner(ctx, r.admin, v.ID, PartnerPatch{Name: &name}, v.Version-1, none)
	wantCode(t, err, alerts.Stale)
	_, err = r.desk.PatchPartner(ctx, r.admin, v.ID, PartnerPatch{State: &approved}, v.Version, none)
	wantCode(t, err, alerts.Invalid)
	_, err = r.desk.ApprovePartner(ctx, r.boris, "none", none)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.CreatePartner(ctx, of(v.ID), NewPartner{Name: "one", Coverage: region("RS")}, none)
	wantCode(t, err, alerts.Forbidden)
}

func TestKeysAreSmallAndMortal(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p := r.partner("one", region("RS"))
	for name, in := range map[string]NewKey{
		"no name":  {ExpiresAt: r.now().Add(time.Hour)},
		"past":     {Name: "k", ExpiresAt: r.now()},
		"too long": {Name: "k", ExpiresAt: r.now().Add(91 * 24 * time.Hour)},
		"internal": {Name: "k", ExpiresAt: r.now().Add(time.Hour), Levels: []alerts.Level{alerts.LevelInternal}},
	} {
		if _, err := r.desk.CreateKey(ctx, r.admin, p, in, none); alerts.CodeOf(err) != alerts.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	key, err := r.desk.CreateKey(ctx, r.admin, p, NewKey{Name: "listener", ExpiresAt: r.now().Add(90 * 24 * time.Hour)}, none)
	must(t, err)
	a, err := r.desk.AuthenticateKey(ctx, key.Token)
	must(t, err)
	if a.Partner != p || a.Role != alerts.RolePartner || a.Kind != alerts.KindPartner || a.Session != key.ID || len(a.Levels) != 3 || !a.ExpiresAt.Equal(key.ExpiresAt) {
		t.Fatalf("authenticated as %+v", a)
	}
	other, err := r.desk.CreateKey(ctx, r.admin, p, NewKey{Name: "second"}, none)
	must(t, err)
	refused := func(what, token string) {
		t.Helper()
		if _, err := r.desk.AuthenticateKey(ctx, token); alerts.CodeOf(err) != alerts.Unauthenticated {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("no token", "")
	refused("wrong token", key.Token[:len(key.Token)-1]+"z")
	_, err = r.desk.RevokeKey(ctx, r.admin, p, other.ID, none)
	must(t, err)
	_, err = r.desk.RevokeKey(ctx, r.admin, p, other.ID, none)
	must(t, err)
	refused("revoked", other.Token)
	if r.desk.KeyStands(p, other.ID) || !r.desk.KeyStands(p, key.ID) {
		t.Error("KeyStands is wrong")
	}
	_, err = r.desk.SuspendPartner(ctx, r.admin, p, none)
	must(t, err)
	refused("suspended", key.Token)
	_, err = r.desk.ApprovePartner(ctx, r.second, p, none)
	must(t, err)
	if _, err := r.desk.AuthenticateKey(ctx, key.Token); err != nil {
		t.Error(err)
	}
	r.wait(90 * 24 * time.Hour)
	refused("expired", key.Token)
}

func TestNoKeyOutlivesTheAgreement(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p := r.partner("one", region("RS"))
	v, _ := r.board.Partner(p)
	agreement := Agreement{Reference: "A-2", ValidUntil: r.now().Add(time.Hour)}
	_, err := r.desk.PatchPartner(ctx, r.admin, p, PartnerPatch{Agreement: &agreement}, v.Version, none)
	must(t, err)
	key, err := r.desk.CreateKey(ctx, r.admin, p, NewKey{Name: "listener"}, none)
	must(t, err)
	a, err := r.desk.AuthenticateKey(ctx, key.Token)
	must(t, err)
	if !a.ExpiresAt.Equal(agreement.ValidUntil) {
		t.Errorf("the connection may last until %s", a.ExpiresAt)
	}
	r.wait(time.Hour)
	if _, err := r.desk.AuthenticateKey(ctx, key.Token); alerts.CodeOf(err) != alerts.Unauthenticated {
		t.Errorf("after the agreement: %v", err)
	}
}
