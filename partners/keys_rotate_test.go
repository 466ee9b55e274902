package partners

import (
	"context"
	"testing"
	"time"

	"homeward/alerts"
)

func TestAKeyIsReplacedWithAnOverlap(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p, stranger := r.partner("one", region("RS")), r.partner("two", region("RS"))
	person := alerts.Actor{ID: "iva", Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Iva", Partner: p}
	old, err := r.desk.CreateKey(ctx, r.admin, p, NewKey{Name: "listener", Levels: []alerts.Level{alerts.LevelPartner}}, none)
	must(t, err)
	other := person
	other.Partner = stranger
	_, err = r.desk.RotateKey(ctx, other, p, old.ID, none)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.RotateKey(ctx, of(p), p, old.ID, none) // a program, which may have been stolen
	wantCode(t, err, alerts.Forbidden)
	_, err = r.desk.RotateKey(ctx, person, p, "none", none)
	wantCode(t, err, alerts.NotFound)

	r.wait(30 * 24 * time.Hour)
	fresh, err := r.desk.RotateKey(ctx, person, p, old.ID, none)
	must(t, err)
	if fresh.Name != "listener" || len(fresh.Levels) != 1 || !fresh.ExpiresAt.Equal(r.now().Add(90*24*time.Hour)) {
		t.Errorf("the new key is %+v", fresh.KeyView)
	}
	_, err = r.desk.RotateKey(ctx, person, p, old.ID, none)
	wantCode(t, err, alerts.Conflict)
	works := func(token string) bool { _, err := r.desk.AuthenticateKey(ctx, token); return err == nil }
	r.wait(23 * time.Hour)
	if !works(old.Token) || !works(fresh.Token) || !r.desk.KeyStands(p, old.ID) {
		t.Error("in the overlap one of the two does not work")
	}
	r.wait(time.Hour)
	if works(old.Token) || r.desk.KeyStands(p, old.ID) || !works(fresh.Token) {
		t.Error("after the overlap not the new one alone works")
	}
	_, err = r.desk.RevokeKey(ctx, other, p, fresh.ID, none)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.RevokeKey(ctx, person, p, fresh.ID, none)
	must(t, err)
	_, err = r.desk.RotateKey(ctx, person, p, fresh.ID, none)
	wantCode(t, err, alerts.Conflict)
}
