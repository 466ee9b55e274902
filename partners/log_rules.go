package partners

import (
	"bytes"
	"reflect"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// logged is a document that has a log of contacts with institutions.
type logged interface {
	journal.Document
	log() contactLog
	// with returns a copy of the document that has another log.
	with(contactLog) journal.Document
	// route is the legal route, "" without one.
	route() string
}

func (m *Matter) log() contactLog { return m.Contacts }
func (m *Matter) route() string   { return m.LegalRoute }
func (m *Matter) with(l contactLog) journal.Document {
	c := *m
	c.Contacts = l
	return &c
}

func (i *Inquiries) log() contactLog { return i.Contacts }
func (i *Inquiries) route() string   { return "" }
func (i *Inquiries) with(l contactLog) journal.Document {
	c := *i
	c.Contacts = l
	return &c
}

// entryID makes the id of a log entry: from the request when there is one, so
// that a repeat finds what it recorded the first time.
func entryID(r alerts.Request, d *Desk) string {
	if len(r.Key) >= 16 {
		return alerts.NewID(bytes.NewReader(r.Key))
	}
	return alerts.NewID(d.Random)
}

// appended returns the log with an entry at its end, numbered and stamped.
func (l contactLog) appended(e MatterContact, id string, now time.Time) contactLog {
	e.ID, e.N, e.RecordedAt = id, len(l)+1, now
	return append(slices.Clip(slices.Clone(l)), e)
}

// keeps tells whether a later log still holds every entry of this one as it
// was: only an answer, and the end of a next step, may have been added.
func (l contactLog) keeps(later contactLog) bool {
	if len(later) < len(l) {
		return false
	}
	for i := range l {
		was, is := l[i], later[i]
		if was.Answer == nil {
			is.Answer = nil
		}
		if was.Next != nil && is.Next != nil && was.Next.DoneAt.IsZero() {
			next := *is.Next
			next.DoneAt, next.DoneBy, next.DoneNote = time.Time{}, "", ""
			is.Next = &next
		}
		if !reflect.DeepEqual(was, is) {
			return false
		}
	}
	return true
}

// contactRule checks an entry and fills in what the law says.
func contactRule(v *journal.View, of logged, in NewMatterContact, a alerts.Actor, law *abduction.Law, c *checker) (MatterContact, error) {
	in.check(c)
	e := in.entry(a)
	e.PromisedDate = c.date("promised_date", in.PromisedDate).String()
	on := abduction.DateOf(in.At, c.zone)
	if promised, ok := parseDay(e.PromisedDate); ok && promised.Before(on) {
		c.Add("promised_date", "too_early", "A promise cannot fall due before it was made.")
	}
	if e.Next != nil {
		e.Next.Due = c.date("next_due", in.NextDue).String()
	}
	if in.Matter != "" {
		c.oneOf("matter", in.Matter, law.Matters())
	}
	of.log().checkLinks(&e, c)
	asked := c.institution(v, "institution_id", in.InstitutionID)
	if err := c.Err(); err != nil {
		return e, err
	}
	e.statutory(law, asked, of.route(), c.zone)
	return e, nil
}

// institution loads an entry of the directory that an input names.
func (c *checker) institution(v *journal.View, field, id string) *Institution {
	if id == "" {
		c.Add(field, "required", "This is needed.")
		return nil
	}
	i, err := journal.Load[*Institution](v, "institutions", id)
	if err != nil {
		c.Add(field, "unknown_institution", "There is no such institution in the directory.")
		return nil
	}
	return i
}

// statutory fills in by when the law wants an answer. Nobody owes one by law to
// a call that was not taken, or to what they said themselves.
func (e *MatterContact) statutory(law *abduction.Law, asked *Institution, route string, zone *time.Location) {
	if e.Direction != "out" || e.NoReply || e.Withdraws > 0 {
		return
	}
	due, ok := law.Deadline(abduction.Asked{Country: asked.Country, Kind: asked.Kind, Matter: e.Matter, Route: route, On: abduction.DateOf(e.At, zone)})
	if !ok {
		return
	}
	e.StatutoryDate, e.StatutoryRule = due.Due.String(), due.Rule
	if due.Hours > 0 {
		e.StatutoryAt = e.At.Add(time.Duration(due.Hours) * time.Hour)
		e.StatutoryDate = abduction.DateOf(e.StatutoryAt, zone).String()
	}
}

// checkLinks looks at the earlier entry that a new one names.
func (l contactLog) checkLinks(e *MatterContact, c *checker) {
	named := 0
	for _, link := range []struct {
		field string
		n     int
	}{{"corrects", e.Corrects}, {"follows", e.Follows}, {"escalates", e.Escalates}, {"withdraws", e.Withdraws}} {
		if link.n == 0 {
			continue
		}
		named++
		switch {
		case link.n < 0 || link.n > len(l):
			c.Add(link.field, "unknown_contact", "There is no entry with this number.")
		case named > 1:
			c.Add(link.field, "one_link", "An entry can name one earlier entry only.")
		case link.field == "withdraws" && (l[link.n-1].Direction != "out" || e.Direction != "out"):
			c.Add(link.field, "direction", "Only a request of ours can be taken back, and only by us.")
		}
	}
}

// answered adds the answer to the nth entry. An entry is answered once.
func (l contactLog) answered(n int, in NewAnswer, a alerts.Actor, c *checker) (contactLog, error) {
	if n < 1 || n > len(l) {
		return nil, missing("contact")
	}
	e := l[n-1]
	if e.Answer != nil {
		return nil, alerts.Errorf(alerts.Conflict, "This contact has its answer already. Record what is new as a new entry.")
	}
	c.happened("at", in.At)
	if !in.At.IsZero() && in.At.Before(e.At) {
		c.Add("at", "too_early", "An answer cannot be older than the contact.")
	}
	c.text("text", in.Text, textLength, true)
	c.oneOf("satisfied", in.Satisfied, []string{"yes", "partly", "no"})
	c.line("person", in.Person, false)
	c.line("reference", in.Reference, false)
	c.documents(in.Documents)
	if err := c.Err(); err != nil {
		return nil, err
	}
	e.Answer = &ContactAnswer{At: in.At.UTC().Truncate(time.Millisecond), Text: in.Text, Satisfied: in.Satisfied, Person: in.Person,
		Reference: in.Reference, Documents: slices.Clone(in.Documents), By: a.ID}
	return l.replaced(e), nil
}

// finished notes that the next step of the nth entry is done. It is done once.
func (l contactLog) finished(n int, in StepDone, a alerts.Actor, c *checker) (contactLog, error) {
	if n < 1 || n > len(l) || l[n-1].Next == nil {
		return nil, missing("next step")
	}
	if !l.stepOpen(n - 1) {
		return nil, alerts.Errorf(alerts.Conflict, "This step is done already.")
	}
	c.text("note", in.Note, textLength, false)
	if err := c.Err(); err != nil {
		return nil, err
	}
	e := l[n-1]
	next := *e.Next
	next.DoneAt, next.DoneBy, next.DoneNote = c.now.UTC(), a.ID, in.Note
	e.Next = &next
	return l.replaced(e), nil
}

func (l contactLog) replaced(e MatterContact) contactLog {
	out := slices.Clone(l)
	out[e.N-1] = e
	return out
}
