package partners

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// crowd is a board with n approved organisations, half of them with regions.
func crowd(b *testing.B, n int) (*Board, *geo.Regions) {
	b.Helper()
	regions := geo.MustBuiltin()
	board := NewBoard(alerts.NewBoard(), regions)
	r := rand.New(rand.NewPCG(1, 1))
	codes := []string{"RS", "HR", "BA", "HU", "RO", "BG", "MK", "ME", "AL", "XK", "SI", "AT", "IT", "GR", "DE", "FR"}
	in := journal.Installed{}
	for i := range n {
		p := &Partner{State: PartnerApproved, Name: "x", Agreement: Agreement{Reference: "a", ValidUntil: time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC)}}
		p.ID = fmt.Sprintf("partner%020d", i)
		if p.Coverage = circle(10+20*r.Float64(), 38+10*r.Float64(), 20_000); i%2 == 0 {
			p.Coverage = region(codes[r.IntN(len(codes))])
		}
		in.Documents = append(in.Documents, p)
	}
	board.Install([]journal.Installed{in})
	return board, regions
}

func BenchmarkAudience10000(b *testing.B) {
	board, _ := crowd(b, 10_000)
	r := &alerts.Revision{Level: alerts.LevelPartner, Area: region("RS")}
	l, err := LoadLimits()
	must(b, err)
	v := AudienceView{}
	for b.Loop() {
		v = AudienceView{}
		v.fill(board, r, nil, l, time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	b.ReportMetric(float64(len(v.Partners)), "partners")
}

func BenchmarkInstallReleaseTo5000(b *testing.B) {
	board, _ := crowd(b, 5_000)
	told := &Told{Rounds: []Round{{Revision: 1}}, Sent: []ToldSent{{Revision: 1}}}
	for id := range board.partners {
		told.Rounds[0].Partners = append(told.Rounds[0].Partners, id)
		told.Rounds[0].Why = append(told.Rounds[0].Why, "region:RS:0")
	}
	number := uint64(1)
	for b.Loop() {
		al, t := &alerts.Alert{State: alerts.AlertLive, Revisions: []alerts.Revision{{Number: 1}}}, *told
		al.ID = fmt.Sprint("alert", number)
		t.ID, al.Number, t.Number = al.ID, number, number
		board.Install([]journal.Installed{{Change: journal.Change{Number: number}, Documents: []journal.Document{al, &t}}})
		number++
	}
}

func BenchmarkOwed(b *testing.B) {
	board, _ := crowd(b, 1)
	partner := board.Partners()[0].ID
	for i := range uint64(1000) {
		al, t := &alerts.Alert{State: alerts.AlertLive, Revisions: []alerts.Revision{{Number: 1}}}, &Told{Rounds: []Round{{Revision: 1, Partners: []string{partner}}}}
		al.ID, al.Number, t.Number = fmt.Sprint("alert", i), i+1, i+1
		t.ID = al.ID
		board.Install([]journal.Installed{{Change: journal.Change{Number: i + 1}, Documents: []journal.Document{al, t}}})
	}
	for b.Loop() {
		if len(board.Owed(partner, 990)) != 10 {
			b.Fatal("not ten")
		}
	}
}
