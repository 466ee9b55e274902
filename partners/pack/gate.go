package pack

import (
	"slices"

	"homeward/alerts"
)

// Reasons why a fact does not go to a recipient.
const (
	NotTheirs = "class"  // the recipient gets nothing of this class
	NotYours  = "role"   // the person who asks may not see it
	KeptFrom  = "hidden" // a party who would read it must not learn it
)

// Desk is the desk itself as a recipient: nothing leaves, so it gets whatever
// the person who asks may see.
func Desk() *Recipient { return &Recipient{Classes: outward()} }

// Gate decides what goes into anything that leaves for one recipient. Every
// form, letter and bundle puts each fact through it.
type Gate struct {
	// To is the recipient.
	To *Recipient
	// Sees tells whether the person who asks may see a class.
	Sees func(alerts.Class) bool
	// Hidden is what parties of the case must not learn.
	Hidden alerts.Hidden
}

// Bars returns why a fact of these classes that would tell these hidden fields
// must stay here, "" when it may go. Text is searched for what is hidden, as
// what people write holds more than its field says.
func (g *Gate) Bars(classes []alerts.Class, hide []string, text string) string {
	for _, c := range classes {
		if !slices.Contains(g.To.Classes, c) || !slices.Contains(outward(), c) {
			return NotTheirs
		}
		if !g.Sees(c) {
			return NotYours
		}
	}
	for _, party := range g.parties() {
		if slices.ContainsFunc(hide, func(f string) bool { return g.Hidden.From(party, f) }) {
			return KeptFrom
		}
	}
	if len(g.Told(text)) > 0 {
		return KeptFrom
	}
	return ""
}

// Told returns the hidden facts whose words stand in a text.
func (g *Gate) Told(text string) []string {
	var out []string
	for _, party := range g.parties() {
		for _, f := range g.Hidden.In(party, text) {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Reaches tells whether a party would read it.
func (g *Gate) Reaches(party string) bool {
	return slices.Contains(g.To.Reaches, "*") || slices.Contains(g.To.Reaches, party)
}

// parties are those who will read it, in the words of alerts.Hidden, to which
// nobody known is the one from whom everything hidden is kept.
func (g *Gate) parties() []string {
	if slices.Contains(g.To.Reaches, "*") {
		return []string{""}
	}
	return g.To.Reaches
}
