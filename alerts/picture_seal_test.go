package alerts_test

import (
	"testing"
	"time"

	"homeward/alerts"
)

// tipped records a sighting of the public with one picture.
func (r *rig) tipped(jpeg string) (id, photo string) {
	r.t.Helper()
	v := r.opened()
	up := done(r.Upload(r.ctx, alerts.Public(), alerts.Picture{JPEG: []byte(jpeg), Width: 4, Height: 3}, alerts.Request{}))
	in := alerts.NewSighting{CaseID: v.ID, ObservedAt: r.now(), Channel: "phone", Text: "Seen at the station.", Photos: []string{up.ID}}
	s := done(r.RecordSighting(r.ctx, r.ana, in, alerts.Request{}))
	return s.ID, up.ID
}

func TestSealedPicture(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, photo := r.tipped("picture")
	vera := r.person("vera", alerts.RoleOperator)
	r.ok(second(r.SightingThumb(r.ctx, vera, id, photo)))
	r.ok(second(r.SightingPhoto(r.ctx, vera, id, photo)))

	_, err := r.SealPicture(r.ctx, vera, id, photo, alerts.RemovePhoto{}, alerts.Request{})
	r.wrong(err, "why required")
	_, err = r.SealPicture(r.ctx, r.officer, id, photo, alerts.RemovePhoto{Why: "x"}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.SealPicture(r.ctx, vera, id, "nothing", alerts.RemovePhoto{Why: "x"}, alerts.Request{})
	r.refused(err, alerts.NotFound)
	_, err = r.NameViewers(r.ctx, r.duty, id, photo, alerts.NameViewers{Viewers: []string{r.ana.ID, r.duty.ID}}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	v := done(r.SealPicture(r.ctx, vera, id, photo, alerts.RemovePhoto{Why: "May show abuse."}, alerts.Request{}))
	if v.Photos[0].Sealed == nil || v.Photos[0].Sealed.Open {
		t.Fatalf("%+v", v.Photos)
	}
	for _, a := range []alerts.Actor{vera, r.ana, r.boris, r.duty} {
		_, err = r.SightingThumb(r.ctx, a, id, photo)
		r.refused(err, alerts.NotFound)
		_, err = r.SightingPhoto(r.ctx, a, id, photo)
		r.refused(err, alerts.Forbidden)
	}
	_, err = r.NameViewers(r.ctx, vera, id, photo, alerts.NameViewers{Viewers: []string{r.ana.ID, r.duty.ID}}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.NameViewers(r.ctx, r.duty, id, photo, alerts.NameViewers{Viewers: []string{vera.ID, vera.ID}}, alerts.Request{})
	r.wrong(err, "viewers two_people", "viewers[0] unknown_account", "viewers[1] unknown_account")
	_, err = r.NameViewers(r.ctx, r.duty, id, photo, alerts.NameViewers{Viewers: []string{r.duty.ID}}, alerts.Request{})
	r.wrong(err, "viewers two_people")
	liaison := r.person("lazar", alerts.RolePoliceLiaison)
	r.ok(second(r.NameViewers(r.ctx, r.duty, id, photo, alerts.NameViewers{Viewers: []string{r.duty.ID, liaison.ID}}, alerts.Request{})))
	if string(done(r.SightingPhoto(r.ctx, r.duty, id, photo))) != "picture" {
		t.Error("a named viewer does not see it")
	}
	_, err = r.SightingPhoto(r.ctx, r.boris, id, photo)
	r.refused(err, alerts.Forbidden)
}

func TestSealedPictureToThePoliceAndBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, photo := r.tipped("picture")
	r.ok(second(r.SealPicture(r.ctx, r.duty, id, photo, alerts.RemovePhoto{Why: "x"}, alerts.Request{})))
	liaison := r.person("lazar", alerts.RolePoliceLiaison)
	chief := r.person("ceca", alerts.RoleDutyOfficer)
	r.ok(second(r.NameViewers(r.ctx, r.duty, id, photo, alerts.NameViewers{Viewers: []string{r.duty.ID, chief.ID}}, alerts.Request{})))
	_, err := r.UnsealPicture(r.ctx, r.duty, id, photo, alerts.RemovePhoto{Why: "A dog."}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.UnsealPicture(r.ctx, liaison, id, photo, alerts.RemovePhoto{Why: "A dog."}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.UnsealPicture(r.ctx, chief, id, photo, alerts.RemovePhoto{}, alerts.Request{})
	r.wrong(err, "why required")
	r.ok(second(r.UnsealPicture(r.ctx, chief, id, photo, alerts.RemovePhoto{Why: "A dog."}, alerts.Request{})))
	r.ok(second(r.SightingPhoto(r.ctx, r.ana, id, photo)))
	_, err = r.HandPicture(r.ctx, r.duty, id, photo, alerts.Handover{Unit: "Unit", Reference: "7"}, alerts.Request{})
	r.refused(err, alerts.Conflict)

	r.ok(second(r.SealPicture(r.ctx, r.duty, id, photo, alerts.RemovePhoto{Why: "x"}, alerts.Request{})))
	r.ok(second(r.NameViewers(r.ctx, r.duty, id, photo, alerts.NameViewers{Viewers: []string{r.duty.ID, chief.ID}}, alerts.Request{})))
	_, err = r.HandPicture(r.ctx, r.duty, id, photo, alerts.Handover{At: r.now().Add(time.Hour)}, alerts.Request{})
	r.wrong(err, "unit required", "reference required", "at future")
	v := done(r.HandPicture(r.ctx, r.duty, id, photo, alerts.Handover{Unit: "Unit", Person: "Inspector", Reference: "7"}, alerts.Request{}))
	if p := v.Photos[0].Sealed.Police; len(p) != 1 || p[0].Reference != "7" || p[0].By != r.duty.ID {
		t.Errorf("%+v", p)
	}
	_, err = r.UnsealPicture(r.ctx, chief, id, photo, alerts.RemovePhoto{Why: "A dog."}, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

// TestSealedPictureComesAgain sends the same picture a second time and tries to
// attach it to a case; another picture is the control.
func TestSealedPictureComesAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, photo := r.tipped("picture")
	r.ok(second(r.SealPicture(r.ctx, r.ana, id, photo, alerts.RemovePhoto{Why: "x"}, alerts.Request{})))
	again, twin := r.tipped("picture")
	_, err := r.SightingPhoto(r.ctx, r.ana, again, twin)
	r.refused(err, alerts.Forbidden)
	other, free := r.tipped("another")
	r.ok(second(r.SightingPhoto(r.ctx, r.ana, other, free)))
	v := r.opened()
	_, err = r.AddPhoto(r.ctx, r.ana, v.ID, alerts.NewPhoto{Picture: alerts.Picture{JPEG: []byte("picture"), Width: 4, Height: 3}}, alerts.Request{})
	r.wrong(err, "photo sealed_picture")
	r.ok(second(r.AddPhoto(r.ctx, r.ana, v.ID, alerts.NewPhoto{Picture: alerts.Picture{JPEG: []byte("another"), Width: 4, Height: 3}}, alerts.Request{})))
}
