package alerts_test

import (
	"testing"
	"time"

	"homeward/alerts"
)

func text(s string) *string { return &s }

// pictured opens a case with photos of its one child, in their order.
func (r *rig) pictured(others ...string) (alerts.CaseView, []alerts.PhotoView) {
	r.t.Helper()
	v := r.opened()
	var out []alerts.PhotoView
	for i, o := range others {
		out = append(out, done(r.AddPhoto(r.ctx, r.ana, v.ID, alerts.NewPhoto{
			Picture: alerts.Picture{JPEG: []byte{'p', byte(i)}, Width: 40, Height: 30}, TakenOn: "2029-05", Others: o,
		}, alerts.Request{})))
	}
	return v, out
}

// shown releases the photo with an alert.
func (r *rig) shown(caseID, photo string, level alerts.Level, state alerts.State) *alerts.Alert {
	r.t.Helper()
	al := r.released(caseID, level, state)
	next := *al
	next.Draft = nil
	next.Revisions = append([]alerts.Revision(nil), al.Revisions...)
	next.Revisions[len(next.Revisions)-1].PhotoID = photo
	r.write(&next)
	return &next
}

func (r *rig) photoOf(alertID string) string {
	r.t.Helper()
	al, ok := r.Board.Alert(alertID)
	if !ok || al.State != alerts.AlertLive {
		r.t.Fatal("the alert has ended")
	}
	return al.Current().PhotoID
}

func TestPhotoFactsAndMainHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, p := r.pictured(alerts.OthersNone, "", alerts.OthersNone)
	if !p[0].Main || p[1].Main || p[2].Main {
		t.Fatal("the first photo is not the main one")
	}
	_, err := r.ChangePhoto(r.ctx, r.ana, v.ID, p[1].ID, alerts.PhotoChange{
		Child: text("nobody"), TakenOn: text("May"), Use: text("everybody"), Others: text("covered"), Place: -1,
	}, alerts.Request{})
	r.wrong(err, "taken_on not_a_date", "use unknown_value", "others unknown_value", "place out_of_range")
	_, err = r.ChangePhoto(r.ctx, r.ana, v.ID, p[1].ID, alerts.PhotoChange{Child: text("nobody")}, alerts.Request{})
	r.wrong(err, "child unknown_child")
	_, err = r.ChangePhoto(r.ctx, r.ana, v.ID, "nothing", alerts.PhotoChange{Main: true}, alerts.Request{})
	r.refused(err, alerts.NotFound)
	_, err = r.ChangePhoto(r.ctx, r.officer, v.ID, p[1].ID, alerts.PhotoChange{Main: true}, alerts.Request{})
	r.refused(err, alerts.Forbidden)

	r.pass(time.Hour)
	got := done(r.ChangePhoto(r.ctx, r.boris, v.ID, p[2].ID, alerts.PhotoChange{
		Main: true, Place: 1, Source: text(" The school. "), Use: text(alerts.UsePartners), TakenOn: text("2028-03-02"),
	}, alerts.Request{}))
	if !got.Main || got.Source != "The school." || got.Use != alerts.UsePartners || got.TakenOn != "2028-03-02" || len(got.Mains) != 1 || got.Mains[0].By != r.boris.ID {
		t.Errorf("%+v", got)
	}
	now := done(r.Case(r.ctx, r.ana, v.ID))
	if now.Photos[0].ID != p[2].ID || now.Photos[1].ID != p[0].ID || now.Photos[1].Main || len(now.Photos[1].Mains) != 2 || now.Photos[1].Mains[1].Main {
		t.Errorf("order or history: %+v", now.Photos)
	}
}

func TestAPhotoWithOthersStaysWithTheTeam(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, p := r.pictured(alerts.OthersSeen, alerts.OthersNone)
	id := p[0].ID
	c, _ := r.Board.Case(v.ID)
	if code, _ := alerts.PhotoFault(c, id, alerts.LevelPartner); code != "shows_others" {
		t.Errorf("it may go out: %q", code)
	}
	if len(done(r.CasePhoto(r.ctx, r.boris, v.ID, id))) == 0 {
		t.Error("the team does not see it")
	}
	team := append([]string{r.person("vera", alerts.RoleLegal).ID}, v.Team...)
	lawyer := alerts.Actor{ID: team[0], Kind: alerts.KindPerson, Role: alerts.RoleLegal}
	changed := *c
	changed.Team, changed.State = team, alerts.StateActive
	r.write(&changed)
	if _, err := r.CasePhoto(r.ctx, lawyer, v.ID, p[1].ID); err != nil {
		t.Errorf("control: a lawyer does not see the other photo: %v", err)
	}
	_, err := r.CasePhoto(r.ctx, lawyer, v.ID, id)
	r.refused(err, alerts.NotFound)
	if got := done(r.Case(r.ctx, lawyer, v.ID)); len(got.Photos) != 1 {
		t.Errorf("a lawyer is told of %d photos", len(got.Photos))
	}

	_, err = r.ChangePhoto(r.ctx, r.ana, v.ID, id, alerts.PhotoChange{Others: text(alerts.OthersNone)}, alerts.Request{})
	r.wrong(err, "others needs_second")
	_, err = r.ConfirmAlone(r.ctx, r.ana, v.ID, id, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.ConfirmAlone(r.ctx, r.boris, v.ID, p[1].ID, alerts.Request{})
	r.refused(err, alerts.Conflict)
	got := done(r.ConfirmAlone(r.ctx, r.boris, v.ID, id, alerts.Request{}))
	if c, _ = r.Board.Case(v.ID); got.AloneBy != r.boris.ID {
		t.Errorf("%+v", got)
	}
	if code, _ := alerts.PhotoFault(c, id, alerts.LevelPublicAppeal); code != "" {
		t.Errorf("after a second person looked: %q", code)
	}
}

func TestCoveredPhoto(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, p := r.pictured(alerts.OthersSeen)
	made := alerts.Picture{JPEG: []byte("covered"), Width: 20, Height: 10}
	_, err := r.AddCovered(r.ctx, r.ana, v.ID, p[0].ID, alerts.CoverPhoto{}, made, alerts.Request{})
	r.wrong(err, "covered required", "nobody_else look_first")
	_, err = r.AddCovered(r.ctx, r.ana, v.ID, p[0].ID, alerts.CoverPhoto{
		Covered: []alerts.Box{{X: -1, Y: 0, Width: 5, Height: 5}, {X: 90, Y: 0, Width: 11, Height: 5}, {X: 1, Y: 1, Width: 0.1, Height: 5}},
		Crop:    &alerts.Box{X: 50, Y: 99, Width: 5, Height: 2}, NobodyElse: true,
	}, made, alerts.Request{})
	r.wrong(err, "covered[0] outside", "covered[1] outside", "covered[2] too_small", "crop outside")
	_, err = r.AddCovered(r.ctx, r.ana, v.ID, p[0].ID, alerts.CoverPhoto{Covered: make([]alerts.Box, 41), NobodyElse: true}, made, alerts.Request{})
	r.wrong(err, "covered too_many")
	in := alerts.CoverPhoto{Covered: []alerts.Box{{X: 1, Y: 2, Width: 30, Height: 40}}, NobodyElse: true, Main: true}
	_, err = r.AddCovered(r.ctx, r.ana, v.ID, "nothing", in, made, alerts.Request{})
	r.refused(err, alerts.NotFound)
	_, err = r.AddCovered(r.ctx, r.officer, v.ID, p[0].ID, in, made, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.Uncovered(r.ctx, r.officer, v.ID, p[0].ID)
	r.refused(err, alerts.Forbidden)

	got := done(r.AddCovered(r.ctx, r.ana, v.ID, p[0].ID, in, made, alerts.Request{}))
	if !got.Main || got.From != p[0].ID || got.Others != alerts.OthersCovered || got.TakenOn != "2029-05" || len(got.Covered) != 1 {
		t.Errorf("%+v", got)
	}
	c, _ := r.Board.Case(v.ID)
	if code, _ := alerts.PhotoFault(c, got.ID, alerts.LevelPublicAppeal); code != "" {
		t.Errorf("the covered picture may not go out: %q", code)
	}
	if code, _ := alerts.PhotoFault(c, p[0].ID, alerts.LevelPublicAppeal); code != "shows_others" {
		t.Errorf("the original: %q", code)
	}
	if string(done(r.CasePhoto(r.ctx, r.ana, v.ID, p[0].ID))) == "covered" {
		t.Error("the original was replaced")
	}
	_, err = r.ChangePhoto(r.ctx, r.boris, v.ID, got.ID, alerts.PhotoChange{Others: text(alerts.OthersSeen)}, alerts.Request{})
	r.ok(err)
	c, _ = r.Board.Case(v.ID)
	if code, _ := alerts.PhotoFault(c, got.ID, alerts.LevelPartner); code != "shows_others" {
		t.Errorf("somebody still recognised a person: %q", code)
	}
}

// TestARecalledPhotoLeavesTheAlert takes a photo away in each of the ways there
// are: the alert goes on without it, at once and by one person.
func TestARecalledPhotoLeavesTheAlert(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(r *rig, caseID, photo string) error{
		"removed": func(r *rig, caseID, photo string) error {
			_, err := r.RemovePhoto(r.ctx, r.ana, caseID, photo, alerts.RemovePhoto{Why: "Wrong child."}, alerts.Request{})
			return err
		},
		"others": func(r *rig, caseID, photo string) error {
			_, err := r.ChangePhoto(r.ctx, r.ana, caseID, photo, alerts.PhotoChange{Others: text(alerts.OthersSeen)}, alerts.Request{})
			return err
		},
		"team only": func(r *rig, caseID, photo string) error {
			_, err := r.ChangePhoto(r.ctx, r.ana, caseID, photo, alerts.PhotoChange{Use: text(alerts.UseTeam)}, alerts.Request{})
			return err
		},
		"partners only": func(r *rig, caseID, photo string) error {
			_, err := r.ChangePhoto(r.ctx, r.ana, caseID, photo, alerts.PhotoChange{Use: text(alerts.UsePartners)}, alerts.Request{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			v, p := r.pictured(alerts.OthersNone, alerts.OthersNone)
			al := r.shown(v.ID, p[0].ID, alerts.LevelPublicAppeal, alerts.StatePublic)
			_, err := r.ChangePhoto(r.ctx, r.ana, v.ID, p[1].ID, alerts.PhotoChange{Use: text(alerts.UseTeam)}, alerts.Request{})
			r.ok(err)
			if r.photoOf(al.ID) != p[0].ID {
				t.Fatal("control: a change of another photo took this one away")
			}
			before, _ := r.Board.Alert(al.ID)
			r.ok(take(r, v.ID, p[0].ID))
			if r.photoOf(al.ID) != "" {
				t.Error("the alert still shows it")
			}
			after, _ := r.Board.Alert(al.ID)
			was, is := before.Current(), after.Current()
			if is.Number != was.Number+1 || is.Identifier == was.Identifier || is.ReleasedBy != r.ana.ID || is.ContentHash == was.ContentHash {
				t.Errorf("revision %+v", is)
			}
		})
	}
}

func TestRemovedPhotoComesBackUnlessItWentOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, p := r.pictured(alerts.OthersNone, alerts.OthersNone)
	_, err := r.RemovePhoto(r.ctx, r.ana, v.ID, p[0].ID, alerts.RemovePhoto{}, alerts.Request{})
	r.wrong(err, "why required")
	got := done(r.RemovePhoto(r.ctx, r.ana, v.ID, p[0].ID, alerts.RemovePhoto{Why: "Wrong child."}, alerts.Request{}))
	if got.Removed == nil || got.Main || got.Removed.Why != "Wrong child." {
		t.Fatalf("%+v", got)
	}
	if now := done(r.Case(r.ctx, r.ana, v.ID)); !now.Photos[1].Main {
		t.Error("the other photo did not become the main one")
	}
	_, err = r.CasePhoto(r.ctx, r.ana, v.ID, p[0].ID)
	r.refused(err, alerts.NotFound)
	_, err = r.ChangePhoto(r.ctx, r.ana, v.ID, p[0].ID, alerts.PhotoChange{Main: true}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	r.pass(29 * 24 * time.Hour)
	if n := done(r.SweepPhotos(r.ctx, r.now())); n != 0 {
		t.Fatal("the picture was destroyed too early")
	}
	r.ok(second(r.RestorePhoto(r.ctx, r.ana, v.ID, p[0].ID, alerts.Request{})))
	r.ok(second(r.CasePhoto(r.ctx, r.ana, v.ID, p[0].ID)))

	r.shown(v.ID, p[1].ID, alerts.LevelPartner, alerts.StateActive)
	r.ok(second(r.RemovePhoto(r.ctx, r.ana, v.ID, p[1].ID, alerts.RemovePhoto{Why: "Asked by the family."}, alerts.Request{})))
	_, err = r.RestorePhoto(r.ctx, r.ana, v.ID, p[1].ID, alerts.Request{})
	r.refused(err, alerts.Conflict)

	r.ok(second(r.RemovePhoto(r.ctx, r.ana, v.ID, p[0].ID, alerts.RemovePhoto{Why: "Blurred."}, alerts.Request{})))
	r.pass(31 * 24 * time.Hour)
	if n := done(r.SweepPhotos(r.ctx, r.now())); n != 2 {
		t.Errorf("%d pictures were destroyed, not 2", n)
	}
	_, err = r.RestorePhoto(r.ctx, r.ana, v.ID, p[0].ID, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

func second[T any](_ T, err error) error { return err }

func TestAgeOn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		birth, day string
		years      int
		about, ok  bool
	}{
		{"2015-06-10", "2024-06-09", 8, false, true}, {"2015-06-10", "2024-06-10", 9, false, true}, {"2015-06-10", "2024", 9, true, true},
		{"2015", "2024-06-10", 8, true, true}, {"2015-06", "2024-07", 9, true, true}, {"2015-06-10", "2015-06-10", 0, false, true},
		{"2015-06-10", "2015-06-09", 0, false, false}, {"", "2024", 0, false, false}, {"2015", "", 0, false, false}, {"x", "y", 0, false, false},
	} {
		if years, about, ok := alerts.AgeOn(test.birth, test.day); years != test.years || about != test.about || ok != test.ok {
			t.Errorf("%+v: %d %t %t", test, years, about, ok)
		}
	}
}
