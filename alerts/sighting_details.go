package alerts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"homeward/geo/script"
	"homeward/journal"
)

// The signs of a sighting: what speaks for looking at it sooner or later.
const (
	// SignHeldBack says that the text tells a detail that was never published.
	// Only who may see the detail sees the sign.
	SignHeldBack = "held_back"
	SignPhoto    = "photo"
	SignVehicle  = "vehicle"
	// SignSeenAppeal says that the reporter had seen the appeal before.
	SignSeenAppeal = "seen_appeal"
)

// SightingSigns returns the signs in the order in which they are shown.
func SightingSigns() []string { return []string{SignHeldBack, SignPhoto, SignVehicle, SignSeenAppeal} }

// Transports returns how a child may have been getting on.
func Transports() []string {
	return []string{"foot", "bicycle", "scooter", "car", "taxi", "bus", "tram", "train", "lorry", "boat", "other"}
}

// YesNo returns the answers of a plain question.
func YesNo() []string { return []string{"yes", "no"} }

func (in *NewSighting) inspectDetails(i *inspection) {
	i.text("direction", &in.Direction, maxLine)
	i.text("companions", &in.Companions, maxLine)
	i.text("vehicle", &in.Vehicle, maxLine)
	if in.Transport != "" {
		oneOf(i, "transport", in.Transport, Transports())
	}
	if in.SeenAppeal != "" {
		oneOf(i, "seen_appeal", in.SeenAppeal, YesNo())
	}
}

func (in *NewSighting) details() *SightingDetails {
	d := SightingDetails{in.Direction, in.Transport, in.Companions, in.Vehicle, in.SeenAppeal}
	if d == (SightingDetails{}) {
		return nil
	}
	return &d
}

// signsOf returns the signs of a sighting as it stands.
func (d *Desk) signsOf(s *Sighting) []string {
	var out []string
	if d.tellsHeldBack(s) {
		out = append(out, SignHeldBack)
	}
	if len(s.Photos) > 0 {
		out = append(out, SignPhoto)
	}
	if s.Details != nil && s.Details.Vehicle != "" {
		out = append(out, SignVehicle)
	}
	if s.Details != nil && s.Details.SeenAppeal == "yes" {
		out = append(out, SignSeenAppeal)
	}
	return out
}

// tellsHeldBack tells whether the words of a sighting tell a detail that an
// alert of its case holds back.
func (d *Desk) tellsHeldBack(s *Sighting) bool {
	if s.CaseID == "" {
		return false
	}
	said := s.said()
	for _, al := range d.Board.AlertsOf(s.CaseID) {
		for _, r := range []*Revision{al.Current(), al.Draft} {
			if r != nil && givesAway(r.HoldBack, said) {
				return true
			}
		}
	}
	return false
}

// minCopied is how many letters a text has that is taken for copied when it
// comes again.
const minCopied = 25

// sourcesOf returns the hashes by which reports of one source are known. They
// are of one case and one day.
func (d *Desk) sourcesOf(in *NewSighting, caseID string) [][]byte {
	var out [][]byte
	add := func(kind, value string) {
		if value != "" {
			out = append(out, d.today.hash(d.Now(), d.Random, kind, caseID, value))
		}
	}
	add("network", string(in.Network))
	if r := given(in.Contact); r != nil {
		add("phone", strings.Map(digit, r.Phone))
		add("email", strings.ToLower(r.Email))
	}
	if text := script.Fold(in.Text); utf8.RuneCountInString(text) >= minCopied {
		add("text", text)
	}
	slices.SortFunc(out, bytes.Compare)
	return out
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// sourceBytes is how much of a hash is kept: enough that two sources of a day
// hardly ever look like one.
const sourceBytes = 8

// dayKey makes hashes that can be compared for one day and led back to nothing
// once it is over: the key is random and in memory only.
type dayKey struct {
	mu  sync.Mutex
	day int64
	key [32]byte
}

func (k *dayKey) hash(now time.Time, random io.Reader, parts ...string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	if day := now.Unix()/86400 + 1; day != k.day {
		if _, err := io.ReadFull(random, k.key[:]); err != nil {
			return nil
		}
		k.day = day
	}
	h := hmac.New(sha256.New, k.key[:])
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		_, _ = io.WriteString(h, p)
	}
	return h.Sum(nil)[:sourceBytes]
}

// GroupSighting puts a report into a group by hand, or takes it out of one.
type GroupSighting struct {
	// Apart leaves the report by itself.
	Apart bool `json:"apart,omitempty"`
	// With is the report beside which it is put. Neither leaves it to place and
	// time.
	With string `json:"with,omitempty"`
}

// Group puts a report into the group of another one of its case, takes it out of
// its group, or leaves it to its place and time again. Nothing is merged.
func (d *Desk) Group(ctx context.Context, a Actor, id string, in GroupSighting, r Request) (SightingView, error) {
	err := d.sightingCommand(ctx, a, "sighting.link", id, func() Fields {
		i := &inspection{}
		switch {
		case in.Apart && in.With != "":
			i.Add("with", "not_together", "Put it beside another report or leave it by itself, not both.")
		case in.With == id:
			i.Add("with", "itself", "A report is in its own group already.")
		case in.With != "" && d.Board.caseOfSighting(in.With) != d.Board.caseOfSighting(id):
			i.Add("with", "other_case", "That report is not of the same case.")
		}
		return i.Fields
	})
	if err != nil {
		return SightingView{}, err
	}
	if in.With != "" {
		if _, _, err := d.visibleSighting(ctx, a, in.With); err != nil {
			var f Fields
			f.Add("with", "unknown_sighting", "There is no such sighting.")
			return SightingView{}, f.Err()
		}
	}
	return d.changeSighting(ctx, a, "sighting.link", id, r, func(_ *journal.View, s Sighting) (*Sighting, error) {
		if s.Apart == in.Apart && s.With == in.With {
			return nil, nil
		}
		s.Apart, s.With = in.Apart, in.With
		return &s, nil
	})
}
