package partners

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// heap is a backend and codec in one: images are places in a table of
// documents, so that whole releases run without a store.
type heap struct {
	mu        sync.Mutex
	documents []journal.Document
	changes   []journal.Change
	latest    map[journal.Key]journal.Document
}

func (h *heap) Encode(d journal.Document) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.documents = append(h.documents, d)
	return binary.BigEndian.AppendUint64(nil, uint64(len(h.documents)-1)), nil
}

func (h *heap) Decode(_ journal.Key, image []byte, _ bool) (journal.Document, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.documents[binary.BigEndian.Uint64(image)], nil
}

func (h *heap) Flush(context.Context) error                 { return nil }
func (h *heap) Forget(context.Context, []journal.Key) error { return nil }

func (h *heap) Load(context.Context, func(journal.Loaded) error) (journal.Position, error) {
	return journal.Position{}, nil
}

func (h *heap) Append(_ context.Context, changes []journal.Change) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range changes {
		h.changes = append(h.changes, c)
		for _, l := range c.Lines {
			if l.Forgotten {
				delete(h.latest, l.Key)
			} else {
				h.latest[l.Key] = h.documents[binary.BigEndian.Uint64(l.Image)]
			}
		}
	}
	return len(changes), nil
}

func (h *heap) Last(context.Context) (uint64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return uint64(len(h.changes)), nil
}

func (h *heap) Changes(_ context.Context, after uint64, limit int) ([]journal.Change, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rest := h.changes[min(after, uint64(len(h.changes))):]
	return rest[:min(limit, len(rest))], nil
}

func (h *heap) Requests(context.Context, time.Time, func(journal.Change) error) error { return nil }

func (h *heap) Documents(_ context.Context, keys []journal.Key) ([][]byte, error) {
	return make([][]byte, len(keys)), nil
}
func (h *heap) Settle(context.Context) (uint64, error)              { return 0, nil }
func (h *heap) Follow(context.Context, func()) error                { return nil }
func (h *heap) AppendReads(context.Context, string, [][]byte) error { return nil }

func (h *heap) Reads(context.Context, string, uint64, int) ([][]byte, error) { return nil, nil }

// rig is a desk with everything behind it, a clock that tests turn, and people.
type rig struct {
	t       testing.TB
	desk    *Desk
	board   *Board
	heap    *heap
	regions *geo.Regions

	mu    sync.Mutex
	clock time.Time

	ana, boris, admin, second alerts.Actor
}

// random is a source of ids that gives the same ids in each run.
type random struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (r *random) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.r.Read(p)
}

func newRig(t testing.TB) *rig {
	t.Helper()
	return newRigOn(t, builtRegions())
}

func newRigOn(t testing.TB, regions *geo.Regions) *rig {
	t.Helper()
	ctx := context.Background()
	r := &rig{t: t, regions: regions, clock: time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC), heap: &heap{latest: map[journal.Key]journal.Document{}}}
	source := &random{r: rand.NewChaCha8([32]byte{1})}
	matrix, err := builtMatrix()
	must(t, err)
	reads, err := alerts.NewReadLog(r.heap, "test", r.now)
	must(t, err)
	base := alerts.NewBoard()
	r.board = NewBoard(base, regions)
	j, err := journal.Open(ctx, journal.Options{Backend: r.heap, Codec: r.heap, Boards: []journal.Board{base, r.board}, Now: r.now})
	must(t, err)
	t.Cleanup(j.Close)
	desk := alerts.NewDesk(alerts.Parts{
		Journal: j, Board: base, Reads: reads, Matrix: matrix, Regions: regions, Now: r.now, Random: source,
		Sender: "alerts.example.org", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	r.desk = NewDesk(desk, r.board)
	r.ana = r.account("ana", alerts.KindPerson, alerts.RoleCoordinator)
	r.boris = r.account("boris", alerts.KindPerson, alerts.RoleCoordinator)
	r.admin = r.account("admin", alerts.KindPerson, alerts.RoleAdministrator)
	r.second = r.account("second", alerts.KindPerson, alerts.RoleAdministrator)
	return r
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(d)
}

// put writes documents straight into the journal.
func (r *rig) put(documents ...journal.Document) {
	r.t.Helper()
	_, err := r.desk.Journal.Do(context.Background(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Documents: documents}, nil
	}})
	must(r.t, err)
}

// forget forgets an alert as erasing its case does.
func (r *rig) forget(alertID string) {
	r.t.Helper()
	_, err := r.desk.Journal.Do(context.Background(), journal.Command{Actor: "test", Action: "test", Decide: func(v *journal.View) (journal.Outcome, error) {
		out := journal.Outcome{Forget: []journal.Key{{Collection: "alerts", ID: alertID}}}
		t, err := optional[*Told](v, "told", alertID)
		if t != nil {
			out.Documents = append(out.Documents, EraseRule(t))
		}
		return out, err
	}})
	must(r.t, err)
}

func (r *rig) account(id string, kind alerts.Kind, role alerts.Role) alerts.Actor {
	r.put(&alerts.Account{Head: journal.Head{ID: id}, Kind: kind, Role: role, Name: id})
	return alerts.Actor{ID: id, Kind: kind, Role: role, Name: id}
}

// newCase makes a case that is ready for every level.
func (r *rig) newCase(id string) {
	r.put(&alerts.Case{
		Head: journal.Head{ID: id}, CaseNumber: "NUMBER" + id, State: alerts.StateVerifying, Category: alerts.CategoryRunaway,
		Decisions: []alerts.Decision{{ID: "decision", Level: alerts.LevelNationalMirror}},
		Consents:  []alerts.Consent{{ID: "consent", Class: alerts.P1, Audience: "public"}},
	})
}

// partner makes an approved organisation with an agreement for a year.
func (r *rig) partner(name string, coverage geo.Area) string {
	r.t.Helper()
	v, err := r.desk.CreatePartner(context.Background(), r.admin, NewPartner{
		Name: name, Coverage: coverage, Languages: []string{"sr-Latn"},
		Agreement: Agreement{Reference: "A-1", ValidUntil: r.now().AddDate(1, 0, 0)},
	}, alerts.Request{})
	must(r.t, err)
	_, err = r.desk.ApprovePartner(context.Background(), r.second, v.ID, alerts.Request{})
	must(r.t, err)
	return v.ID
}

// draft is a draft that nothing is wrong with.
func (r *rig) draft(area geo.Area) alerts.NewAlert {
	return alerts.NewAlert{
		Level: alerts.LevelPartner, Severity: "severe", ExpiresAt: r.now().Add(48 * time.Hour), Area: area,
		Texts: map[string]alerts.DraftText{"sr-Latn": {Headline: "Nestalo dete", Description: "Plava jakna"}},
	}
}

// released drafts an alert as ana and releases it as boris.
func (r *rig) released(caseID string, in alerts.NewAlert) string {
	r.t.Helper()
	v, err := r.desk.DraftAlert(context.Background(), r.ana, caseID, in, alerts.Request{})
	must(r.t, err)
	r.release(v)
	return v.ID
}

func (r *rig) release(v alerts.DraftView) {
	r.t.Helper()
	_, err := r.desk.Release(context.Background(), r.boris, v.ID, alerts.Release{ContentHash: v.ContentHash}, alerts.Request{})
	must(r.t, err)
}

func (r *rig) update(alertID string, in alerts.AlertUpdate) {
	r.t.Helper()
	v, err := r.desk.UpdateAlert(context.Background(), r.ana, alertID, in, alerts.Request{})
	must(r.t, err)
	r.release(v)
}

func (r *rig) cancel(alertID string) {
	r.t.Helper()
	_, err := r.desk.CancelAlert(context.Background(), r.ana, alertID, alerts.Cancel{Reason: "found"}, alerts.Request{})
	must(r.t, err)
}

// of returns an actor of an organisation.
func of(partner string) alerts.Actor {
	return alerts.Actor{ID: "key-" + partner, Kind: alerts.KindPartner, Role: alerts.RolePartner, Name: "machine", Partner: partner}
}

func region(codes ...string) geo.Area { return geo.Area{Regions: codes} }

func circle(lon, lat, metres float64) geo.Area {
	return geo.Area{Circles: []geo.Circle{{Center: [2]float64{lon, lat}, RadiusM: metres}}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code alerts.Code) {
	t.Helper()
	if got := alerts.CodeOf(err); got != code || (code == "" && err != nil) {
		t.Fatalf("got error %v (code %q), want code %q", err, got, code)
	}
}

// builtRegions and builtMatrix take long to load, are the same for all and never
// change.
var (
	builtRegions = sync.OnceValue(geo.MustBuiltin)
	builtMatrix  = sync.OnceValues(alerts.LoadMatrix)
)
