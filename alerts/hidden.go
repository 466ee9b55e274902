package alerts

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"homeward/geo/script"
)

// The parties that every case can have; others are named in Case.Parties. A
// party is told apart by its id.
const (
	PartyLeftBehind = "left_behind"
	PartyTaking     = "taking_person"
)

// Party is somebody named whom a case concerns, beside the left-behind parent
// and the taking person.
type Party struct {
	ID      string    `bson:"id" class:"P3"`
	Kind    string    `bson:"kind" class:"P3"` // guardian, person
	Name    string    `bson:"name" class:"P3,sealed"`
	AddedBy string    `bson:"added_by" class:"P10"`
	AddedAt time.Time `bson:"added_at" class:"P3"`
}

// Hiding is a fact that one party of a case must not learn. It is never taken
// out: lifting it is written beside it.
type Hiding struct {
	ID string `bson:"id" class:"P3"`
	// Party is the id of the party that must not learn it, Field one of
	// HiddenFields.
	Party string `bson:"party" class:"P3"`
	Field string `bson:"field" class:"P3"`
	Why   string `bson:"why" class:"P5,sealed"`
	// Words are the fact itself, such as an address, so that a text can be
	// searched for it. No view ever holds them.
	Words     []string  `bson:"words,omitempty" class:"kept,sealed"`
	By        string    `bson:"by" class:"P10"`
	At        time.Time `bson:"at" class:"P3"`
	LiftedBy  string    `bson:"lifted_by,omitempty" class:"P10"`
	LiftedAt  time.Time `bson:"lifted_at,omitempty" class:"P3"`
	LiftedFor string    `bson:"lifted_for,omitempty" class:"P5,sealed"`
}

// Hidden is everything that parties of one case must not learn. Every
// projection made for a party (the view by code, letters, packs, exports) asks
// it before a fact goes in, after the matrix has allowed it.
type Hidden []Hiding

// The facts that can be hidden. HideAll stands for every one of them.
const (
	HideHome        = "home"         // where a child lives
	HideAddress     = "address"      // where a parent, carer or shelter is
	HideSchool      = "school"       // school, kindergarten, doctor
	HideContacts    = "contact"      // telephone, e-mail and the like of other people
	HideWhereabouts = "whereabouts"  // where the child is thought to be
	HideRoute       = "route"        // how the child travels or has travelled
	HideLastSeen    = "last_seen"    // place and time
	HidePlan        = "plan"         // next steps, calls, hand-over, travel
	HideProceedings = "proceedings"  // courts, dates, decisions
	HideCustody     = "custody"      // custody basis, family history, circumstances
	HideDocuments   = "documents"    // papers and copies
	HidePhotos      = "photos"       // pictures
	HideHealth      = "health"       // health and needs
	HideMediation   = "mediation"    // that it is offered, and its dates
	HideProtection  = "protection"   // passport and border measures
	HideTold        = "told"         // who has been told
	HideInstitution = "institutions" // which institutions were asked, and their answers
	HideAll         = "all"
)

// HiddenFields returns every fact that can be hidden, HideAll last.
func HiddenFields() []string {
	return []string{HideHome, HideAddress, HideSchool, HideContacts, HideWhereabouts, HideRoute, HideLastSeen, HidePlan, HideProceedings,
		HideCustody, HideDocuments, HidePhotos, HideHealth, HideMediation, HideProtection, HideTold, HideInstitution, HideAll}
}

// From tells whether a fact must be kept from a party. Somebody of whom it is
// not known which party they are, the empty one, is kept from whatever is hidden
// from anybody: who they are must be settled before they learn more.
func (h Hidden) From(party, field string) bool {
	return slices.ContainsFunc(h, func(x Hiding) bool {
		return x.binds(party) && (x.Field == field || x.Field == HideAll || field == HideAll)
	})
}

// Fields returns what is kept from a party, in the order of HiddenFields.
func (h Hidden) Fields(party string) []string {
	out := []string{}
	for _, f := range HiddenFields() {
		if slices.ContainsFunc(h, func(x Hiding) bool { return x.binds(party) && x.Field == f }) {
			out = append(out, f)
		}
	}
	return out
}

// In returns the facts hidden from a party whose words stand in a text, however
// they are written: in either script, with or without accents, spaces and
// signs. It is the second net, under From: what a person types into a letter or
// a message has no field.
func (h Hidden) In(party, text string) []string {
	out := []string{}
	folded := foldFact(text)
	for i := range h {
		if !h[i].binds(party) || slices.Contains(out, h[i].Field) {
			continue
		}
		for _, w := range h[i].Words {
			if f := foldFact(w); f != "" && strings.Contains(folded, f) {
				out = append(out, h[i].Field)
				break
			}
		}
	}
	return out
}

// binds tells whether a hiding is in force and kept from the party.
func (x *Hiding) binds(party string) bool {
	return x.LiftedAt.IsZero() && (party == "" || x.Party == party)
}

// foldFact writes a text so that two spellings of one fact are alike.
func foldFact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, script.Fold(s))
}

// HasParty tells whether an id is one of the case's parties.
func (c *Case) HasParty(id string) bool {
	return id == PartyLeftBehind || id == PartyTaking || slices.ContainsFunc(c.Parties, func(p Party) bool { return p.ID == id })
}

// HiddenFrom tells whether a fact of a case, or of what belongs to it, must be
// kept from a party. An id that is none of the case's parties counts as
// nobody known.
func (c *Case) HiddenFrom(party, field string) bool {
	return c.Hidden.From(c.party(party), field)
}

// HiddenIn returns the facts hidden from a party whose words stand in a text,
// with the same care as HiddenFrom.
func (c *Case) HiddenIn(party, text string) []string { return c.Hidden.In(c.party(party), text) }

func (c *Case) party(id string) string {
	if c.HasParty(id) {
		return id
	}
	return ""
}
