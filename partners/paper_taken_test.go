package partners_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
)

func TestWhatThePublicFetchesIsCountedAsANumberOverAllNodesAndStarts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	revision := alerts.Revision{Number: 1, Level: alerts.LevelNationalMirror, Area: geo.Area{Regions: []string{"RS"}}, Sent: o.clock(), ExpiresAt: o.clock().AddDate(0, 0, 1)}
	al := &alerts.Alert{Head: journal.Head{ID: "a1"}, CaseID: "case1", Slug: "SLUG", State: alerts.AlertLive, Revisions: []alerts.Revision{revision}}
	o.newCase("case1")
	o.put(al, &partners.Told{Head: journal.Head{ID: "a1"}, CaseID: "case1"})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want := func(d *partners.Desk, want ...partners.PaperTaken) {
		t.Helper()
		v, err := d.RecallNow(t.Context(), coordinator(), "a1")
		if must(err); !slices.Equal(v.Taken, want) {
			t.Errorf("fetched %+v, want %+v", v.Taken, want)
		}
	}
	want(o.Desk)
	for range 3 {
		o.PaperTaken(al, "poster.pdf")
	}
	o.PaperTaken(al, "square.png")
	o.PaperTaken(&alerts.Alert{Head: al.Head, Revisions: al.Revisions}, "square.png") // an exercise
	poster, square := partners.PaperTaken{File: "poster.pdf", Revision: 1, Count: 3}, partners.PaperTaken{File: "square.png", Revision: 1, Count: 1}
	want(o.Desk, poster, square)
	other := o.open(bytes.Repeat([]byte{7}, 32))
	want(other) // not kept yet
	must(o.KeepPapersTaken(t.Context()))
	must(o.KeepPapersTaken(t.Context()))
	want(o.Desk, poster, square)
	want(other, poster, square)
	next := *al
	second := revision
	second.Number = 2
	next.Revisions = append(next.Revisions, second)
	other.PaperTaken(al, "poster.pdf")
	other.PaperTaken(&next, "poster.pdf")
	must(other.KeepPapersTaken(t.Context()))
	poster.Count = 4
	after := []partners.PaperTaken{{File: "poster.pdf", Revision: 2, Count: 1}, poster, square}
	want(other, after...)
	want(o.Desk, after...)
	want(o.open(bytes.Repeat([]byte{7}, 32)), after...)
	must(o.store.EachSide(t.Context(), "paper_taken", func(id string, data []byte) error {
		var list []map[string]any
		must(json.Unmarshal(data, &list))
		for _, row := range list {
			if len(row) != 3 || row["file"] == nil || row["revision"] == nil || row["count"] == nil {
				t.Errorf("%s holds %s", id, data)
			}
		}
		_, until, err := o.store.Side(t.Context(), "paper_taken", id)
		if must(err); until.Hour()+until.Minute()+until.Second()+until.Nanosecond() != 0 {
			t.Errorf("%s tells of the time: %s", id, until)
		}
		return nil
	}))
}

func BenchmarkPaperTaken(b *testing.B) {
	d := &partners.Desk{}
	al := &alerts.Alert{Head: journal.Head{ID: "a1"}, Slug: "SLUG", Revisions: []alerts.Revision{{Number: 1}}}
	b.ReportAllocs()
	for b.Loop() {
		d.PaperTaken(al, "poster.pdf")
	}
}
