package partners_test

import (
	"encoding/json"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
)

// TestPhotosAndPapersInEachStore takes a photo off an alert that partners have,
// keeps a covered picture, a sealed one and two versions of a paper, and reads
// all of it after a start anew.
func TestPhotosAndPapersInEachStore(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if h == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, stop := startOn(t, h)
			k := &keptThings{t: t, d: d}
			paper, tip := k.picture()
			before := k.pictures(paper, tip)
			stop()
			d, stop = startOn(t, h)
			defer stop()
			k.d = d
			if after := k.pictures(paper, tip); before != after {
				t.Errorf("before %s\nafter %s", before, after)
			}
		})
	}
}

// picture makes what is to be kept, and returns the paper and the sighting.
func (k *keptThings) picture() (paper alerts.DocumentView, tip alerts.SightingView) {
	k.t.Helper()
	ctx, none, now := k.t.Context(), alerts.Request{}, time.Now().UTC().Truncate(time.Millisecond)
	ana := person("ana", alerts.RoleDutyOfficer)
	area := geo.Area{Regions: []string{"RS"}}
	k.put(
		&alerts.Account{Head: journal.Head{ID: ana.ID}, Kind: alerts.KindPerson, Role: ana.Role, Name: ana.Name},
		&partners.Partner{Head: journal.Head{ID: "hospital"}, Name: "Hospital", State: partners.PartnerApproved, Coverage: area},
		&alerts.Case{Head: journal.Head{ID: "case1"}, CaseNumber: "N", State: alerts.StateActive, Children: []alerts.Child{{ID: "child"}}},
	)
	shown, err := k.d.AddPhoto(ctx, ana, "case1", alerts.NewPhoto{Picture: alerts.Picture{JPEG: []byte("one"), Width: 4, Height: 3}, TakenOn: "2024", Source: "The school.", Use: alerts.UsePublic}, none)
	k.must(err)
	k.put(
		&alerts.Alert{Head: journal.Head{ID: "a1"}, CaseID: "case1", CaseNumber: "N", State: alerts.AlertLive, Revisions: []alerts.Revision{{
			Number: 1, Level: alerts.LevelPartner, Severity: "extreme", Area: area, Sent: now, ExpiresAt: now.Add(time.Hour), PhotoID: shown.ID, Identifier: "a1.1",
		}}},
		&partners.Told{Head: journal.Head{ID: "a1"}, CaseID: "case1", Rounds: []partners.Round{{Revision: 1, At: now, Partners: []string{"hospital"}, Why: []string{"region:RS"}}}},
	)
	_, err = k.d.AddCovered(ctx, ana, "case1", shown.ID, alerts.CoverPhoto{Covered: []alerts.Box{{X: 1.5, Y: 2, Width: 30, Height: 40}}, NobodyElse: true}, alerts.Picture{JPEG: []byte("two"), Width: 2, Height: 2}, none)
	k.must(err)
	_, err = k.d.RemovePhoto(ctx, ana, "case1", shown.ID, alerts.RemovePhoto{Why: "Another child."}, none)
	k.must(err)
	file := alerts.DocumentFile{Kind: "pdf", Name: "odluka.pdf", Content: []byte("%PDF-1")}
	paper, err = k.d.AddDocument(ctx, ana, "case1", alerts.NewDocument{Slot: "custody_order", Note: "first page", DocumentFile: file}, none)
	k.must(err)
	file.Content = []byte("%PDF-2")
	paper, err = k.d.AddDocument(ctx, ana, "case1", alerts.NewDocument{Replaces: paper.ID, DocumentFile: file}, none)
	k.must(err)
	up, err := k.d.Upload(ctx, alerts.Public(), alerts.Picture{JPEG: []byte("tip"), Width: 4, Height: 3}, none)
	k.must(err)
	tip, err = k.d.RecordSighting(ctx, ana, alerts.NewSighting{CaseID: "case1", ObservedAt: now, Channel: "phone", Text: "Seen.", Photos: []string{up.ID}}, none)
	k.must(err)
	tip, err = k.d.SealPicture(ctx, ana, tip.ID, up.ID, alerts.RemovePhoto{Why: "May show abuse."}, none)
	k.must(err)
	return paper, tip
}

// pictures reads what was kept, as text.
func (k *keptThings) pictures(paper alerts.DocumentView, tip alerts.SightingView) string {
	k.t.Helper()
	ctx, ana := k.t.Context(), person("ana", alerts.RoleDutyOfficer)
	c, err := k.d.Case(ctx, ana, "case1")
	k.must(err)
	if len(c.Photos) != 2 || c.Photos[0].Removed == nil || c.Photos[1].From != c.Photos[0].ID || len(c.Documents) != 1 {
		k.t.Fatalf("%+v", c)
	}
	old, err := k.d.OpenDocument(ctx, ana, "case1", paper.ID, paper.Versions[0].ID)
	k.must(err)
	if string(old.Content) != "%PDF-1" {
		k.t.Errorf("the first version is %q", old.Content)
	}
	s, err := k.d.Sighting(ctx, ana, tip.ID)
	k.must(err)
	if _, err := k.d.SightingPhoto(ctx, ana, tip.ID, tip.Photos[0].ID); alerts.CodeOf(err) != alerts.Forbidden {
		k.t.Errorf("the sealed picture: %v", err)
	}
	al, _ := k.d.Board.Alert("a1")
	if r := al.Current(); r.Number != 2 || r.PhotoID != "" {
		k.t.Errorf("the alert goes on as %+v", r)
	}
	doc, err := k.d.Journal.Document(ctx, journal.Key{Collection: "told", ID: "a1"})
	k.must(err)
	told := doc.(*partners.Told)
	if n := len(told.Sent); n == 0 || told.Sent[n-1].Revision != 2 {
		k.t.Errorf("what was sent: %+v", told.Sent)
	}
	out, err := json.Marshal([]any{c.Photos, c.Documents, s.Photos, told.Sent})
	k.must(err)
	return string(out)
}
