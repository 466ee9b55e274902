package alerts

import (
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// contactShelf holds the rows of contacts.
type contactShelf struct {
	byID   map[string]*contact
	byCase map[string]map[string]struct{} // "" are the ones that stand without a case
	at     timeline[*contact]
	// promises are by when something promised falls due.
	promises timeline[none]
	// reports are public reports that staff have not made a case of.
	reports map[string]bool
	// objections are contacts with an objection that nobody has decided.
	objections map[string]OpenObjection
	// byCaller leads from the keyed hash of a telephone number to its contacts.
	byCaller map[receipt]map[string]struct{}
}

type contact struct {
	id, caseID, channel, kind, recordedBy string
	takenBy, language                     string
	number                                uint64
	at, promised                          mark
	// police says that they were told, settled that they were or need not be.
	police, settled bool
	receipt         receipt
	caller          receipt
}

func newContactShelf() contactShelf {
	return contactShelf{byID: map[string]*contact{}, byCase: map[string]map[string]struct{}{}, reports: map[string]bool{}, objections: map[string]OpenObjection{}, byCaller: map[receipt]map[string]struct{}{}}
}

func rowOfContact(c *Contact) *ContactRow {
	return &ContactRow{
		Head: c.Head, Channel: c.Channel, At: c.At, Kind: c.Kind, CaseID: c.CaseID,
		PromisedUntil: c.PromisedUntil, KeptAt: c.KeptAt, RecordedBy: c.RecordedBy, Receipt: c.Receipt,
		Police: RowPolice{c.Police.ReportedAt, c.Police.WhyNotAt}, TakenBy: c.TakenBy, Language: c.Language, Objections: rowObjections(c.Objections), CallerKey: c.CallerKey,
	}
}

func rowObjections(all []Objection) []RowObjection {
	var out []RowObjection
	for i := range all {
		out = append(out, RowObjection{all[i].At, all[i].Froze, all[i].DecidedAt})
	}
	return out
}

func (b *Board) putContact(r *ContactRow) {
	if was, ok := b.contacts.byID[r.ID]; ok {
		if was.number > r.Number {
			return
		}
		b.dropContact(r.ID)
	}
	c := &contact{
		id: r.ID, caseID: r.CaseID, channel: b.word(r.Channel), kind: b.word(r.Kind), recordedBy: r.RecordedBy,
		number: r.Number, at: markOf(r.At, r.ID), police: !r.Police.ReportedAt.IsZero(), receipt: receiptOf(r.Receipt),
		settled: !r.Police.ReportedAt.IsZero() || !r.Police.WhyNotAt.IsZero(), takenBy: r.TakenBy, language: b.word(r.Language), caller: receiptOf(r.CallerKey),
	}
	if !r.PromisedUntil.IsZero() && r.KeptAt.IsZero() {
		c.promised = markOf(r.PromisedUntil, r.ID)
	}
	s := &b.contacts
	s.byID[c.id] = c
	if s.byCase[c.caseID] == nil {
		s.byCase[c.caseID] = map[string]struct{}{}
	}
	s.byCase[c.caseID][c.id] = struct{}{}
	s.at.add(c.at, c)
	s.promises.move(mark{}, c.promised, none{})
	s.addCaller(c)
	if c.kind == KindNewDisappearance && c.caseID == "" {
		s.reports[c.id] = true
	}
	if o, ok := openObjection(r); ok {
		s.objections[c.id] = o
	}
	if c.receipt != (receipt{}) {
		b.receipts[c.receipt] = journal.Key{Collection: "contacts", ID: c.id}
	}
}

func (b *Board) dropContact(id string) {
	s := &b.contacts
	c, ok := s.byID[id]
	if !ok {
		return
	}
	delete(s.byID, id)
	delete(s.reports, id)
	delete(s.objections, id)
	s.at.remove(c.at)
	s.promises.move(c.promised, mark{}, none{})
	delete(s.byCase[c.caseID], id)
	if len(s.byCase[c.caseID]) == 0 {
		delete(s.byCase, c.caseID)
	}
	delete(b.receipts, c.receipt)
	delete(s.byCaller[c.caller], id)
	if len(s.byCaller[c.caller]) == 0 {
		delete(s.byCaller, c.caller)
	}
}

func (s *contactShelf) addCaller(c *contact) {
	if c.caller == (receipt{}) {
		return
	}
	if s.byCaller[c.caller] == nil {
		s.byCaller[c.caller] = map[string]struct{}{}
	}
	s.byCaller[c.caller][c.id] = struct{}{}
}

// ContactFilter chooses contacts. Zero fields choose all.
type ContactFilter struct {
	Case, Kind, Channel, Language string
	// TakenBy is who took the contact, or recorded it when nobody else did.
	TakenBy string
	// Open chooses public reports that have not become a case, Unreferred reports
	// of a missing child that the police do not know of, Promised contacts with a
	// promise that is not kept.
	Open, Unreferred, Promised bool
}

// chooses tells whether the filter lets a contact through. The board is locked.
func (b *Board) chooses(f *ContactFilter, c *contact) bool {
	taken := c.takenBy
	if taken == "" {
		taken = c.recordedBy
	}
	if f.Case != "" && !b.together(c.caseID, f.Case) {
		return false
	}
	for _, pair := range [][2]string{{f.Kind, c.kind}, {f.Channel, c.channel}, {f.TakenBy, taken}} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	if f.Language != "" && c.language != f.Language && !strings.HasPrefix(c.language, f.Language+"-") {
		return false
	}
	if f.Unreferred {
		known := b.cases.byID[c.caseID]
		if c.kind != KindNewDisappearance || c.settled || known != nil && (known.Police.Settled() || known.State.Ended()) {
			return false
		}
	}
	return (!f.Open || b.contacts.reports[c.id]) && (!f.Promised || c.promised != mark{})
}

// Unreferred tells whether a child is reported missing and the police were not
// told, by the contact or by its case, nil for none, and nobody wrote down why.
func (c *Contact) Unreferred(of *Case) bool {
	return c.Kind == KindNewDisappearance && !c.Police.Settled() && (of == nil || !of.Police.Settled() && !of.State.Ended())
}

// ContactsOf returns the ids of a case's contacts, oldest first.
func (b *Board) ContactsOf(caseID string) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	marks := make([]mark, 0, len(b.contacts.byCase[caseID]))
	for id := range b.contacts.byCase[caseID] {
		marks = append(marks, b.contacts.byID[id].at)
	}
	slices.SortFunc(marks, mark.compare)
	ids := make([]string, len(marks))
	for i, m := range marks {
		ids[i] = m.id
	}
	return ids
}

// Promise is something promised to somebody by a time.
type Promise struct {
	ContactID, CaseID, Owner string
	Until                    time.Time
}

// PromisesUntil returns the promises that were to be kept by then and were not,
// the longest overdue first.
func (b *Board) PromisesUntil(t time.Time) []Promise {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []Promise
	b.contacts.promises.until(t, func(m mark) bool {
		c := b.contacts.byID[m.id]
		out = append(out, Promise{c.id, c.caseID, c.recordedBy, time.UnixMilli(m.at).UTC()})
		return true
	})
	return out
}

// OpenReport is a public report of a missing child of which staff have not made
// a case. Referred tells whether the police know.
type OpenReport struct {
	ContactID string
	At        time.Time
	Referred  bool
}

// OpenReports returns the public reports that wait, oldest first.
func (b *Board) OpenReports() []OpenReport {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]OpenReport, 0, len(b.contacts.reports))
	for id := range b.contacts.reports {
		c := b.contacts.byID[id]
		out = append(out, OpenReport{id, time.UnixMilli(c.at.at).UTC(), c.police})
	}
	slices.SortFunc(out, func(a, b OpenReport) int {
		return mark{a.At.UnixMilli(), a.ContactID}.compare(mark{b.At.UnixMilli(), b.ContactID})
	})
	return out
}
