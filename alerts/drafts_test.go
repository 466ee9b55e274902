package alerts

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/geo"
)

var draftNow = time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)

func draftCase() *Case {
	c := &Case{State: StateVerifying, CaseNumber: "AB23CD45", Photos: []Photo{{ID: "photo"}}, Decisions: []Decision{
		{ID: "partner", Level: LevelPartner}, {ID: "appeal", Level: LevelPublicAppeal}, {ID: "national", Level: LevelNationalMirror},
	}}
	c.ID = "case"
	return c
}

func goodDraft() Revision {
	return Revision{
		Level: LevelPublicAppeal, DecisionID: "appeal", Severity: " Severe ", ExpiresAt: draftNow.Add(24 * time.Hour), PhotoID: "photo",
		Area:  geo.Area{Circles: []geo.Circle{{Center: [2]float64{20.46, 44.81}, RadiusM: 5000}}},
		Texts: []Text{{Language: "sr-Latn", Headline: " Nestalo dete", Description: "Plava jakna\r\ncrvena kapa"}},
	}
}

func drafted(c *Case, al *Alert, r Revision) (*Alert, error) {
	return draftRule(c, al, r, draftWish{}, Actor{ID: "ana", Kind: KindPerson}, nil, draftNow)
}

func TestDraftFields(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*Revision)
		want  []string
	}{
		"good":               {func(*Revision) {}, nil},
		"partners, no photo": {func(r *Revision) { r.Level, r.DecisionID, r.PhotoID = LevelPartner, "", "" }, nil},
		"higher decision":    {func(r *Revision) { r.DecisionID = "national" }, nil},
		"unknown level":      {func(r *Revision) { r.Level = "world" }, []string{"level unknown_value"}},
		"no decision":        {func(r *Revision) { r.DecisionID = "" }, []string{"decision_id required"}},
		"unknown decision":   {func(r *Revision) { r.DecisionID = "x" }, []string{"decision_id unknown_decision"}},
		"lower decision":     {func(r *Revision) { r.DecisionID = "partner" }, []string{"decision_id level_too_low"}},
		"severity":           {func(r *Revision) { r.Severity = "bad" }, []string{"severity unknown_value"}},
		"no end":             {func(r *Revision) { r.ExpiresAt = time.Time{} }, []string{"expires_at required"}},
		"ends now":           {func(r *Revision) { r.ExpiresAt = draftNow }, []string{"expires_at in_the_past"}},
		"ends too late":      {func(r *Revision) { r.ExpiresAt = draftNow.AddDate(1, 0, 0) }, []string{"expires_at too_late"}},
		"foreign photo":      {func(r *Revision) { r.PhotoID = "other" }, []string{"photo_id unknown_photo"}},
		"no area":            {func(r *Revision) { r.Area = geo.Area{} }, []string{"area empty"}},
		"no text":            {func(r *Revision) { r.Texts = nil }, []string{"texts required"}},
		"bad language":       {func(r *Revision) { r.Texts[0].Language = "sr_RS" }, []string{"texts.sr_RS unknown_language"}},
		"control character":  {func(r *Revision) { r.Texts[0].Headline = "a\x00" }, []string{"texts.sr-Latn.headline bad_character"}},
		"two lines":          {func(r *Revision) { r.Texts[0].Headline = "a\nb" }, []string{"texts.sr-Latn.headline one_line"}},
		"long":               {func(r *Revision) { r.HoldBack = strings.Repeat("a", 1001) }, []string{"hold_back too_long"}},
		"everything": {func(r *Revision) {
			*r = Revision{Texts: []Text{{Language: "en"}}, Area: geo.Area{Circles: []geo.Circle{{RadiusM: -1}}}}
		}, []string{
			"level unknown_value", "severity unknown_value", "expires_at required", "area.circles[0].radius_m bad_radius",
			"texts.en.headline required", "texts.en.description required",
		}},
	} {
		r := goodDraft()
		c.spoil(&r)
		_, err := drafted(draftCase(), &Alert{}, r)
		var got []string
		if e, ok := err.(*Error); ok {
			for _, f := range e.Fields {
				got = append(got, f.Field+" "+f.Code)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v (%v)", name, got, c.want, err)
		}
	}
}

func TestDraftIsTidyAndBoundByItsHash(t *testing.T) {
	t.Parallel()
	al, err := drafted(draftCase(), &Alert{CaseID: "case"}, goodDraft())
	if err != nil {
		t.Fatal(err)
	}
	d := al.Draft
	if d.Severity != "severe" || d.Texts[0].Headline != "Nestalo dete" || d.Texts[0].Description != "Plava jakna\ncrvena kapa" || d.Number != 1 || d.Author != "ana" {
		t.Errorf("draft %+v", d)
	}
	seen := map[string]bool{d.ContentHash: true}
	for _, change := range []func(*Revision){
		func(r *Revision) { r.Level, r.DecisionID = LevelPartner, "" },
		func(r *Revision) { r.DecisionID = "national" },
		func(r *Revision) { r.Severity = "extreme" },
		func(r *Revision) { r.ExpiresAt = r.ExpiresAt.Add(time.Second) },
		func(r *Revision) { r.PhotoID = "" },
		func(r *Revision) { r.HoldBack = "a scar" },
		func(r *Revision) { r.Area.Circles = []geo.Circle{{Center: [2]float64{20.46, 44.81}, RadiusM: 5001}} },
		func(r *Revision) { r.Texts[0].Instruction = "call" },
	} {
		r := goodDraft()
		change(&r)
		other, err := drafted(draftCase(), &Alert{CaseID: "case"}, r)
		if err != nil {
			t.Fatal(err)
		}
		if seen[other.Draft.ContentHash] {
			t.Errorf("two contents with one hash: %+v", other.Draft)
		}
		seen[other.Draft.ContentHash] = true
	}
	again, err := drafted(draftCase(), &Alert{CaseID: "case"}, *d)
	if err != nil || again.Draft.ContentHash != d.ContentHash {
		t.Errorf("the same content again: %v", err)
	}
}

func TestDraftsOfEndedCases(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		c := draftCase()
		c.State = s
		_, err := drafted(c, &Alert{}, goodDraft())
		if got, want := CodeOf(err) == Conflict, s.Ended(); got != want {
			t.Errorf("draft in %s: %v", s, err)
		}
		al, err := drafted(draftCase(), &Alert{}, goodDraft())
		if err != nil {
			t.Fatal(err)
		}
		c.Consents = []Consent{{Class: P0, Audience: "public"}}
		_, _, err = ReleaseRule(c, al, Release{ContentHash: al.Draft.ContentHash}, Actor{ID: "boris", Kind: KindPerson}, nil, draftNow, rand.NewChaCha8([32]byte{}))
		if got, want := err == nil, s == StateVerifying || s == StateActive || s == StatePublic; got != want {
			t.Errorf("release in %s: %v", s, err)
		}
	}
}

func TestUpdateTakesOverWhatIsUnset(t *testing.T) {
	t.Parallel()
	released := goodDraft()
	released.Number, released.HoldBack = 1, "a scar"
	al := &Alert{State: AlertLive, Revisions: []Revision{released}}
	expires := draftNow.Add(time.Hour)
	r := (&AlertUpdate{ExpiresAt: &expires}).over(al)
	if !r.ExpiresAt.Equal(expires) || r.HoldBack != "a scar" || r.PhotoID != "photo" || len(r.Texts) != 1 || r.Number != 0 || r.Identifier != "" {
		t.Errorf("over the current revision: %+v", r)
	}
	next, err := drafted(draftCase(), al, r)
	if err != nil || next.Draft.Number != 2 || next.State != AlertLive || al.Draft != nil {
		t.Fatalf("draft of an update: %+v, %v", next, err)
	}
	none := ""
	r = (&AlertUpdate{PhotoID: &none}).over(next)
	if r.PhotoID != "" || !r.ExpiresAt.Equal(expires) {
		t.Errorf("over the draft: %+v", r)
	}
}

func TestAlertsEndOnce(t *testing.T) {
	t.Parallel()
	al := &Alert{State: AlertLive, Revisions: []Revision{{Number: 1, ExpiresAt: draftNow}}, Draft: &Revision{}}
	al.ID = "a"
	if ExpireRule(al, draftNow.Add(-time.Nanosecond)) != nil {
		t.Error("expired too early")
	}
	expired := ExpireRule(al, draftNow)
	if expired == nil || expired.State != AlertExpired || expired.Draft != nil || expired.Ending.Identifier != "a.cancel" || al.State != AlertLive {
		t.Fatalf("expired %+v", expired)
	}
	if ExpireRule(expired, draftNow) != nil || CancelRule(expired, "x", "ana", draftNow) != nil {
		t.Error("ended twice")
	}
	cancelled := CancelRule(al, " found ", "ana", draftNow.Add(time.Millisecond))
	if cancelled.State != AlertCancelled || cancelled.Ending.Reason != "found" || cancelled.Ending.By != "ana" || !cancelled.Ending.At.Equal(draftNow) {
		t.Errorf("cancelled %+v", cancelled.Ending)
	}
	if CancelRule(cancelled, "x", "boris", draftNow) != nil || ExpireRule(cancelled, draftNow.Add(time.Hour)) != nil {
		t.Error("ended twice")
	}
	if ExpireRule(&Alert{State: AlertDraft}, draftNow) != nil {
		t.Error("a draft expired")
	}
}

// TestNoConsentNoPublication holds 5,000 combinations against an oracle that is
// written from the sentence, not from the code.
func TestNoConsentNoPublication(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	times := []time.Time{{}, draftNow.Add(-time.Hour), draftNow, draftNow.Add(time.Hour)}
	for range 5000 {
		c, allowed := draftCase(), false
		for range r.IntN(4) {
			s := Consent{
				Class: Classes()[r.IntN(4)], Audience: []string{"public", "partners", "institutions"}[r.IntN(3)],
				Basis: []string{"consent", "override", "vital_interest"}[r.IntN(3)], ExpiresAt: times[r.IntN(4)], WithdrawnAt: times[r.IntN(3)],
			}
			c.Consents = append(c.Consents, s)
			lasts := s.ExpiresAt.IsZero() || s.ExpiresAt.Equal(draftNow.Add(time.Hour))
			card := s.Class == "P0" || s.Class == "P1"
			if s.Audience == "public" && card && lasts && s.WithdrawnAt.IsZero() {
				allowed = true
			}
		}
		draft := goodDraft()
		if r.IntN(2) == 0 {
			draft.Level, draft.DecisionID = LevelPartner, ""
		}
		al, err := drafted(c, &Alert{}, draft)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = ReleaseRule(c, al, Release{ContentHash: al.Draft.ContentHash}, Actor{ID: "boris", Kind: KindPerson}, nil, draftNow, rand.NewChaCha8([32]byte{}))
		if want := allowed || draft.Level == LevelPartner; (err == nil) != want {
			t.Fatalf("consents %+v: %v", c.Consents, err)
		}
	}
}

// A family's stop keeps a case from going public until somebody lifts it.
func TestAFrozenCaseIsNotReleasedToThePublic(t *testing.T) {
	t.Parallel()
	release := func(f Freeze) error {
		c := draftCase()
		al, err := drafted(c, &Alert{}, goodDraft())
		if err != nil {
			t.Fatal(err)
		}
		c.State, c.Consents, c.Frozen = StateActive, []Consent{{Class: P0, Audience: "public"}}, []Freeze{f}
		_, _, err = ReleaseRule(c, al, Release{ContentHash: al.Draft.ContentHash}, Actor{ID: "boris", Kind: KindPerson}, nil, draftNow, rand.NewChaCha8([32]byte{}))
		return err
	}
	if err := release(Freeze{ID: "f", At: draftNow}); CodeOf(err) != Conflict {
		t.Errorf("frozen: %v", err)
	}
	if err := release(Freeze{ID: "f", At: draftNow, LiftedAt: draftNow}); err != nil {
		t.Errorf("lifted: %v", err)
	}
}
