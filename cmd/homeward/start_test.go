package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/store"
)

// BenchmarkStart measures a start on an embedded store with 100,000 cases, from
// opening the files to the last board, and what it keeps in memory.
func BenchmarkStart(b *testing.B) {
	const cases = 100_000
	dir := b.TempDir()
	f := storeFlags{Store: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
	if err := f.settle(); err != nil {
		b.Fatal(err)
	}
	fillCases(b, f, cases)
	var took, busy []time.Duration
	heap := uint64(0)
	for b.Loop() {
		before := inUse()
		start, used := time.Now(), processorTime()
		w, err := openWorld(context.Background(), f, worldOptions{}, timeNow, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		took, busy = append(took, time.Since(start)), append(busy, processorTime()-used)
		heap = inUse() - before
		if _, ok := w.desk.Board.CaseByNumber(fmt.Sprintf("%08d", cases)); !ok {
			b.Fatal("the last case is missing")
		}
		if err := w.close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(median(took).Seconds(), "s/start")
	b.ReportMetric(median(busy).Seconds(), "cpu-s/start")
	b.ReportMetric(float64(heap>>20), "MiB")
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this process has used of all processors, which tells
// more than the clock while others use them too.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fillCases writes cases as the journal would, a change each, many to a flush.
func fillCases(b *testing.B, f storeFlags, n int) {
	b.Helper()
	w := &world{}
	defer w.close()
	ctx := context.Background()
	if err := w.openStore(ctx, f); err != nil {
		b.Fatal(err)
	}
	if err := w.openRing(ctx, f); err != nil {
		b.Fatal(err)
	}
	codec, err := store.NewCodec(collections(), w.ring)
	if err != nil {
		b.Fatal(err)
	}
	var batch []journal.Change
	for i := range n {
		c := someCase(uint64(i + 1))
		image, err := codec.Encode(c)
		if err != nil {
			b.Fatal(err)
		}
		batch = append(batch, journal.Change{
			Number: c.Number, At: c.UpdatedAt, Actor: "ana", Action: "case.open",
			Lines: []journal.Line{{Key: journal.KeyOf(c), Digest: journal.Digest(image), Image: image}},
		})
		if len(batch) < 2000 && i < n-1 {
			continue
		}
		if err := codec.Flush(ctx); err != nil {
			b.Fatal(err)
		}
		if _, err := w.store.Append(ctx, batch); err != nil {
			b.Fatal(err)
		}
		batch = batch[:0]
	}
	runtime.GC()
}

// someCase is an invented case as a desk fills it in: one child, a risk, a
// consent and a promise to call.
func someCase(number uint64) *alerts.Case {
	at := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Minute)
	place := geo.At(19+float64(number%4000)/1000, 42+float64(number%3700)/1000)
	return &alerts.Case{
		Head: journal.Head{
			ID: alerts.NewID(rand.Reader), Number: number, Version: 1,
			Salt: []byte(rand.Text()[:16]), CreatedAt: at, UpdatedAt: at,
		},
		CaseNumber: fmt.Sprintf("%08d", number), State: alerts.StateActive, Category: alerts.CategoryRunaway,
		Categories: []alerts.CategoryChange{{Category: alerts.CategoryRunaway, At: at, By: "ana"}},
		Children: []alerts.Child{{
			ID:    alerts.NewID(rand.Reader),
			Names: []alerts.Name{{Given: "Đorđe", Family: "Izmišljenović", Kind: "birth"}, {Given: "Đole", Kind: "nickname"}},
			Sex:   "male", BirthDate: "2019-05", Description: alerts.Description{HeightCM: 120, Hair: "smeđa", Clothing: "plava jakna"},
		}},
		LastSeen:      alerts.LastSeen{At: at, PrecisionMin: 30, Place: &place, AccuracyM: 200, Label: "kod pijace"},
		Circumstances: strings.Repeat("What the family told. ", 20),
		Police:        alerts.PoliceReport{ReportedAt: at, Unit: "PS Izmišljena", Reference: "000/31"},
		Risks:         []alerts.RiskGrade{{Grade: "medium", Factors: []string{"age"}, Assessor: "ana", At: at}},
		Consents: []alerts.Consent{{
			ID: alerts.NewID(rand.Reader), Class: alerts.P1, Audience: "partners", Purpose: "search", Basis: "consent",
			GivenBy: "an invented parent", RecordedBy: "ana", RecordedAt: at,
		}},
		FollowUp: alerts.FollowUp{Owner: "ana", DueAt: at.Add(24 * time.Hour), Note: "call back"},
	}
}
