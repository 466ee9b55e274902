package alerts

import (
	"crypto/subtle"
	"encoding/base32"
	"strings"
)

// Ways by which people come to an appeal. Each has a short token of its own in
// the links and codes that go that way, so that a sighting tells which of them
// reached its reporter, and nothing about who the reporter is.
const (
	SourcePage    = "page"    // the address shared from the page itself
	SourcePoster  = "poster"  // the code on the printed poster
	SourcePicture = "picture" // the code on a share image
	SourceEmail   = "email"
	SourcePartner = "partner"
	SourceFeed    = "feed"
	SourceCAP     = "cap"
	SourceMedia   = "media"
	SourceSocial  = "social"
)

// Sources returns every way, in the order in which they are shown.
func Sources() []string {
	return []string{SourcePoster, SourcePicture, SourcePage, SourceSocial, SourceMedia, SourcePartner, SourceEmail, SourceFeed, SourceCAP}
}

// sourceTokenLength is how many characters of base32 a token has: 50 bits, too
// many to guess one and few enough for a small code.
const sourceTokenLength = 10

// SourceToken returns the token of one way to an alert, "" for no such way. It
// is the same on every node and needs no store.
func (r *Ring) SourceToken(alertID, source string) string {
	for _, known := range Sources() {
		if known == source {
			sum := r.MAC("source", []byte(alertID), []byte(source))
			return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))[:sourceTokenLength]
		}
	}
	return ""
}

// SourceOf returns the way that a token names for an alert, "" for a token that
// is none of this alert's.
func (r *Ring) SourceOf(alertID, token string) string {
	if len(token) != sourceTokenLength {
		return ""
	}
	for _, source := range Sources() {
		if subtle.ConstantTimeCompare([]byte(r.SourceToken(alertID, source)), []byte(token)) == 1 {
			return source
		}
	}
	return ""
}

// Via is the way by which a reporter came: an appeal and how they reached it.
type Via struct {
	Alert  string `bson:"alert" json:"alert_id"`
	Source string `bson:"source" json:"source"`
}

// viaOf finds the public alert of a case that a token belongs to, nil for a
// token that belongs to none.
func (d *Desk) viaOf(caseID, token string) *Via {
	if token == "" {
		return nil
	}
	for _, al := range d.Board.AlertsOf(caseID) {
		if source := d.Ring.SourceOf(al.ID, token); source != "" && al.Slug != "" {
			return &Via{al.ID, source}
		}
	}
	return nil
}

// row is a way as a row keeps it: one string, of which there are few.
func (v *Via) row() string {
	if v == nil {
		return ""
	}
	return v.Alert + "/" + v.Source
}

// SightingsVia counts the sightings that each way to an alert has brought.
func (b *Board) SightingsVia(al *Alert) map[string]int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := map[string]int{}
	group, ok := b.sightings.byCase[al.CaseID]
	if !ok {
		return out
	}
	for id := range group.ids {
		if source, ok := strings.CutPrefix(b.sightings.byID[id].via, al.ID+"/"); ok {
			out[source]++
		}
	}
	return out
}
