package alerts

import (
	"strings"
	"time"
)

// ContactFigure is what a contact tells to those who count contacts.
type ContactFigure struct {
	CaseID, Kind, Channel, Language string
	At                              time.Time
}

// EachContact calls fn with every contact, in no particular order. fn must not
// call the board.
func (b *Board) EachContact(fn func(ContactFigure)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, c := range b.contacts.byID {
		fn(ContactFigure{c.caseID, c.kind, c.channel, c.language, time.UnixMilli(c.at.at)})
	}
}

// SightingFigure is what a sighting tells to those who count sightings. Source is
// the way by which its reporter came to an appeal, empty when that is not known.
type SightingFigure struct {
	CaseID, Channel, Source string
	State                   SightingState
	ReportedAt              time.Time
}

// EachSighting calls fn with every sighting that repeats no other one, in no
// particular order. fn must not call the board.
func (b *Board) EachSighting(fn func(SightingFigure)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, s := range b.sightings.byID {
		if s.duplicateOf != "" {
			continue
		}
		_, source, _ := strings.Cut(s.via, "/")
		fn(SightingFigure{s.of.caseID, s.channel, source, s.state, time.UnixMilli(s.reported)})
	}
}

// AgeBetween is how old in years a child was, at least and at most, from a birth
// date as far as it is known. Without a date the two lie far apart.
func AgeBetween(birth string, at time.Time) (low, high int) { return ageBetween(birth, at) }

// PublicChannel is the channel of what the public writes in by itself.
const PublicChannel = channelPublic
