package partners_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// office is a whole installation in memory, with a clock that tests move.
type office struct {
	*partners.Desk
	t     *testing.T
	store *store.Memory

	mu  sync.Mutex
	now time.Time
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

// to moves the clock to a time in Belgrade.
func (o *office) to(s string) {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = at(o.t, s)
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Belgrade")
	if err != nil {
		t.Fatal(err)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func matterCollections() []store.Collection {
	return []store.Collection{
		{Name: "cases", New: func() journal.Document { return &alerts.Case{} }},
		{Name: "accounts", New: func() journal.Document { return &alerts.Account{} }},
		{Name: "partners", New: func() journal.Document { return &partners.Partner{} }},
		{Name: "sightings", New: func() journal.Document { return &alerts.Sighting{} }, Row: func() journal.Document { return &alerts.SightingRow{} }},
		{Name: "contacts", New: func() journal.Document { return &alerts.Contact{} }, Row: func() journal.Document { return &alerts.ContactRow{} }},
		{Name: "institutions", New: func() journal.Document { return &partners.Institution{} }},
		{Name: "matters", New: func() journal.Document { return &partners.Matter{} }},
		{Name: "inquiries", New: func() journal.Document { return &partners.Inquiries{} }},
		{Name: "papers", New: func() journal.Document { return &partners.Papers{} }},
		{Name: "letters", New: func() journal.Document { return &partners.Letter{} }},
		{Name: "mediations", New: func() journal.Document { return &partners.Mediation{} },
			Row: func() journal.Document { return &partners.MediationRow{} }},
		{Name: "preventions", New: func() journal.Document { return &partners.Prevention{} }},
		{Name: "referrals", New: func() journal.Document { return &partners.Referral{} }},
		{Name: "conferences", New: func() journal.Document { return &partners.Conference{} }},
		{Name: "searches", New: func() journal.Document { return &partners.Search{} }},
		{Name: "search_tasks", New: func() journal.Document { return &partners.SearchTask{} }},
		{Name: "digests", New: func() journal.Document { return &partners.Digest{} }},
		{Name: "drills", New: func() journal.Document { return &partners.Drill{} }},
		{Name: "alerts", New: func() journal.Document { return &alerts.Alert{} }},
		{Name: "told", New: func() journal.Document { return &partners.Told{} }},
		{Name: "deliveries", New: func() journal.Document { return &partners.Delivery{} }},
		{Name: "handovers", New: func() journal.Document { return &partners.Handover{} }},
		{Name: "comparisons", New: func() journal.Document { return &partners.Comparison{} }},
		{Name: "compare_choices", New: func() journal.Document { return &partners.CompareChoice{} }},
		{Name: "erasures", New: func() journal.Document { return &partners.Erasure{} }},
		{Name: "matches", New: func() journal.Document { return &partners.Match{} }},
	}
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, store: store.NewMemory()}
	o.to("2026-11-21 10:00")
	o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	for _, a := range []alerts.Actor{operator(), coordinator(), duty(), lawyer(), otherLawyer()} {
		o.put(&alerts.Account{Head: journal.Head{ID: a.ID}, Kind: alerts.KindPerson, Role: a.Role, Name: a.Name})
	}
	return o
}

// open starts a journal over the store, as a restart does.
func (o *office) open(master []byte) *partners.Desk {
	o.t.Helper()
	ring, err := alerts.OpenRing(o.t.Context(), master, o.store)
	if err != nil {
		o.t.Fatal(err)
	}
	codec, err := store.NewCodec(matterCollections(), ring)
	if err != nil {
		o.t.Fatal(err)
	}
	board := alerts.NewBoard()
	told := partners.NewBoard(board, builtRegions())
	j, err := journal.Open(o.t.Context(), journal.Options{
		Backend: o.store, Codec: codec, Boards: []journal.Board{board, told}, Now: o.clock,
		Rows: map[string]bool{"sightings": true, "contacts": true, "mediations": true},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(j.Close)
	reads, err := alerts.NewReadLog(o.store, "node", o.clock)
	if err != nil {
		o.t.Fatal(err)
	}
	matrix, err := builtMatrix()
	if err != nil {
		o.t.Fatal(err)
	}
	return partners.NewDesk(alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Reads: reads, Matrix: matrix, Regions: builtRegions(), Now: o.clock, Random: rand.Reader, Side: o.store, Blobs: o.store,
	}), told)
}

// put writes documents without any rule.
func (o *office) put(docs ...journal.Document) {
	o.t.Helper()
	_, err := o.Journal.Do(o.t.Context(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Documents: docs}, nil
	}})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) newCase(id string, birthDates ...string) {
	o.t.Helper()
	c := &alerts.Case{Head: journal.Head{ID: id}, CaseNumber: "NUMBER" + id, State: alerts.StateActive, Category: alerts.CategoryParentalAbduction}
	for i, b := range birthDates {
		c.Children = append(c.Children, alerts.Child{ID: "child" + string(rune('1'+i)), BirthDate: b})
	}
	rules, err := alerts.LoadClock()
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range rules { // the clock of cases has tests of its own
		c.Steps = append(c.Steps, alerts.StepMark{Step: r.Key, State: "not_needed"})
	}
	o.put(c)
}

func (o *office) ministry() string {
	o.t.Helper()
	i, err := o.CreateInstitution(o.t.Context(), operator(), partners.NewInstitution{
		Name: "Example Ministry", Kind: "ministry", Country: "RS", Fictional: true,
	}, alerts.Request{})
	if err != nil {
		o.t.Fatal(err)
	}
	return i.ID
}

func (o *office) matter(caseID string) partners.MatterView {
	o.t.Helper()
	m, err := o.OpenMatter(o.t.Context(), operator(), caseID, removal(), alerts.Request{})
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func removal() partners.NewMatter {
	return partners.NewMatter{
		Kind: "removal", WrongfulDate: "2026-03-10", FromState: "RS", ToState: "DE",
		HabitualResidence: "Example town", LeftBehind: "Example parent", TakingPerson: "Other parent",
	}
}

func person(id string, r alerts.Role) alerts.Actor {
	return alerts.Actor{ID: id, Kind: alerts.KindPerson, Role: r, Name: "Person " + id}
}
func operator() alerts.Actor    { return person("op", alerts.RoleOperator) }
func coordinator() alerts.Actor { return person("co", alerts.RoleCoordinator) }
func duty() alerts.Actor        { return person("du", alerts.RoleDutyOfficer) }
func lawyer() alerts.Actor      { return person("le", alerts.RoleLegal) }
func otherLawyer() alerts.Actor { return person("lx", alerts.RoleLegal) }

func wantCode(t *testing.T, err error, want alerts.Code) {
	t.Helper()
	if alerts.CodeOf(err) != want {
		t.Errorf("error %v, want code %s", err, want)
	}
}

// wrong returns the wrong fields as "field code", sorted as they came.
func wrong(err error) string {
	e, ok := err.(*alerts.Error)
	if !ok {
		return ""
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Code)
	}
	return strings.Join(out, "; ")
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// builtRegions and builtMatrix take long to load, are the same for all and never change.
var (
	builtRegions = sync.OnceValue(geo.MustBuiltin)
	builtMatrix  = sync.OnceValues(alerts.LoadMatrix)
)
