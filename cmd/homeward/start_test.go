package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
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
// opening the files to the last board, and what it keeps in memory; then what a
// server of its own needs at most while it starts, also with a million
// sightings.
func BenchmarkStart(b *testing.B) {
	b.Run("cases", func(b *testing.B) { benchmarkStart(b, 100_000, 0) })
	b.Run("sightings", func(b *testing.B) { benchmarkStart(b, 100_000, 1_000_000) })
}

func benchmarkStart(b *testing.B, cases, sightings int) {
	dir := b.TempDir()
	f := storeFlags{Store: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
	if err := f.settle(); err != nil {
		b.Fatal(err)
	}
	fillStore(b, f, cases, sightings)
	var took, busy []time.Duration
	heap := uint64(0)
	for b.Loop() {
		before := inUse()
		start, used := time.Now(), processorTime()
		var w *world
		err := withRoom(func() (err error) { // as serve does
			w, err = openWorld(context.Background(), f, worldOptions{}, timeNow, slog.New(slog.DiscardHandler))
			return err
		})
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
	own, mapped := peakOfStart(b, f)
	b.ReportMetric(own, "peak-MiB")
	b.ReportMetric(mapped, "mapped-MiB")
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this process has used of all processors, which tells
// more than the clock while others use them too.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakOfStart starts a server as a process of its own and returns the most
// memory of its own that it had resident until it was ready, and how much of
// the store's files was mapped then, which the system takes back when it needs
// it. Both are in MiB.
func peakOfStart(b *testing.B, f storeFlags) (own, mapped float64) {
	b.Helper()
	child := exec.Command(os.Args[0], "serve", "--store", f.Store, "--keys", f.Keys, "--listen", "127.0.0.1:0")
	child.Env = append(os.Environ(), programVariable+"=1")
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = child.Process.Signal(syscall.SIGTERM)
		_ = child.Wait()
	}()
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "Homeward is at ") {
				return
			}
		}
	}()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		now, files := resident(b, child.Process.Pid)
		own, mapped = max(own, now), max(mapped, files)
		select {
		case <-ready:
			return own, mapped
		case <-look.C:
		}
	}
}

// resident is how much memory of a process is its own and how much of files, in
// MiB.
func resident(b *testing.B, pid int) (own, files float64) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		_, _ = fmt.Sscanf(line, "RssAnon: %f kB", &own)
		_, _ = fmt.Sscanf(line, "RssFile: %f kB", &files)
	}
	return own / 1024, files / 1024
}

// fillStore writes cases and sightings of them as the journal would, a change
// each, many to a flush.
func fillStore(b *testing.B, f storeFlags, cases, sightings int) {
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
	ids := make([]string, 0, cases)
	for i := range cases + sightings {
		var d journal.Document
		if number := uint64(i + 1); i < cases {
			c := someCase(number)
			ids = append(ids, c.ID)
			d = c
		} else {
			d = someSighting(number, ids[i%cases])
		}
		image, err := codec.Encode(d)
		if err != nil {
			b.Fatal(err)
		}
		h := d.DocumentHead()
		batch = append(batch, journal.Change{
			Number: h.Number, At: h.UpdatedAt, Actor: "ana", Action: "case.open",
			Lines: []journal.Line{{Key: journal.KeyOf(d), Digest: journal.Digest(image), Image: image}},
		})
		if len(batch) < 2000 && i < cases+sightings-1 {
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

// someSighting is a sighting with all that boards keep of one. It has no sealed
// parts, which a start does not look at.
func someSighting(number uint64, caseID string) *alerts.Sighting {
	at := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Minute)
	place := geo.At(15+float64(number*7919%10_000_000)/1e6, 41+float64(number*104_729%7_000_000)/1e6)
	id := alerts.NewID(rand.Reader)
	return &alerts.Sighting{
		Head:  journal.Head{ID: id, Number: number, Version: 1, Salt: []byte(rand.Text()[:16]), CreatedAt: at, UpdatedAt: at},
		State: alerts.SightingStates()[number%7], ObservedAt: at, ReportedAt: at, CaseID: caseID, Place: &place, AccuracyM: 100,
		Channel: "public_form", Language: "sr-Latn", Sure: "probable", RecordedBy: "public", Receipt: alerts.HashSecret(id),
	}
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
