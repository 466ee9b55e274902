package partners

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// CompareRequest asks which of some hashes are held here.
type CompareRequest struct {
	Hashes []string `json:"hashes"`
}

// CompareAnswer names those of the hashes that are held, and nothing else.
type CompareAnswer struct {
	Held []string `json:"held"`
}

// AgreedRequest asks whether the people here have agreed about a match too,
// named by its hashes. Contact is sent once they have.
type AgreedRequest struct {
	Match   []string      `json:"match"`
	Contact *MatchContact `json:"contact,omitempty"`
}

// AgreedAnswer says whether both sides have agreed. Contact answers one that was
// sent.
type AgreedAnswer struct {
	Both    bool          `json:"both"`
	Contact *MatchContact `json:"contact,omitempty"`
}

// mostMatchHashes bounds the hashes that name one match.
const mostMatchHashes = 256

// comparingBy returns the agreement that a token opens now. Whatever is wrong,
// whoever asks is told what somebody is told who asks for nothing that exists.
func (d *Desk) comparingBy(token string) (*Comparison, error) {
	c, ok := d.board.comparisonByToken(alerts.HashSecret(token))
	if ok {
		p, _ := d.board.Partner(c.PartnerID)
		ok = c.inForce(p, d.Now())
	}
	if !ok || !strings.HasPrefix(token, compareToken) {
		return nil, missing("comparison by token")
	}
	return c, nil
}

// AnswerCompare tells another organisation which of its hashes are held here. The
// asking is written down, with what met, in the change before the answer.
func (d *Desk) AnswerCompare(ctx context.Context, token string, in CompareRequest) (CompareAnswer, error) {
	c, err := d.comparingBy(token)
	if err != nil {
		return CompareAnswer{}, err
	}
	if err := goodHashes("hashes", in.Hashes, d.compare.HashesRequest); err != nil {
		return CompareAnswer{}, err
	}
	key, _, _ := compareKeys(c.Secret)
	found := d.heldOf(key, in.Hashes)
	answer := CompareAnswer{Held: heldHashes(in.Hashes, found)}
	refused := false
	_, err = d.Do(ctx, alerts.System(), "compare.answer", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Comparison](v, "comparisons", c.ID)
		if err != nil || old.State != ComparisonOn {
			return journal.Outcome{}, missing("comparison " + c.ID)
		}
		if refused = old.tooMuch(true, len(in.Hashes), d.compare, v.Now); refused {
			return old.refusal(v.Now), nil
		}
		next := old.ran(CompareRun{At: v.Now, Theirs: true, Sent: len(in.Hashes), Met: len(answer.Held)}, d.compare)
		matches, err := d.matchRule(v, next, found)
		return journal.Outcome{Documents: append(matches, next)}, err
	})
	switch {
	case err != nil:
		return CompareAnswer{}, err
	case refused:
		return CompareAnswer{}, alerts.Errorf(alerts.TooMany, "This is more than was agreed on. Ask again later.")
	}
	return answer, nil
}

// refusal writes down that the other side asked for too much, at most every ten
// minutes.
func (c *Comparison) refusal(now time.Time) journal.Outcome {
	if now.Sub(c.RefusedAt) < 10*time.Minute {
		return journal.Outcome{}
	}
	next := *c
	next.RefusedAt = now
	return journal.Outcome{Documents: []journal.Document{&next}}
}

// goodHashes refuses what is no list of hashes.
func goodHashes(field string, hashes []string, most int) error {
	var f alerts.Fields
	if len(hashes) == 0 {
		f.Add(field, "required", "Send at least one hash.")
	}
	if len(hashes) > most {
		f.Add(field, "too_many", fmt.Sprintf("At most %d hashes.", most))
		return f.Err()
	}
	for i, h := range hashes {
		if b, err := base64.RawURLEncoding.DecodeString(h); err != nil || len(b) != sha256.Size {
			f.Add(fmt.Sprintf("%s[%d]", field, i), "not_a_hash", "This is not a hash of 32 bytes in base64url.")
			break
		}
	}
	return f.Err()
}

// heldHashes are those of the asked hashes that met, each once, in their order.
func heldHashes(asked []string, found []held) []string {
	met := map[string]bool{}
	for i := range found {
		for _, h := range found[i].hashes {
			met[h] = true
		}
	}
	out := []string{}
	for _, h := range asked {
		if met[h] {
			out = append(out, h)
			delete(met, h)
		}
	}
	return out
}

// matchRule returns new matches for children that met, and those that were there
// with the hashes that are new.
func (d *Desk) matchRule(v *journal.View, c *Comparison, found []held) ([]journal.Document, error) {
	var out []journal.Document
	for _, h := range found {
		of, err := journal.Load[*alerts.Case](v, "cases", h.caseID)
		if err != nil || of.State.Ended() {
			continue
		}
		id := d.matchID(c.ID, h)
		was, err := optional[*Match](v, "matches", id)
		if err != nil {
			return nil, err
		}
		if was == nil {
			out = append(out, &Match{
				Head: journal.Head{ID: id}, ComparisonID: c.ID, PartnerID: c.PartnerID, CaseID: h.caseID, ChildID: h.childID,
				State: MatchWaiting, YearOnly: h.yearOnly, Hashes: h.hashes,
			})
			continue
		}
		if next := was.withHashes(h.hashes); next != nil {
			next.YearOnly = next.YearOnly && h.yearOnly
			out = append(out, next)
		}
	}
	return out, nil
}

// matchID is the same for each time that one child meets under one agreement.
func (d *Desk) matchID(comparison string, h held) string {
	sum := d.Ring.MAC("match", []byte(comparison), []byte(h.caseID), []byte(h.childID))
	return strings.ToLower(bytesCode().EncodeToString(sum[:16]))
}

// AnswerAgreed tells another organisation whether the people here have agreed
// about a match too. Waiting, declined and never met are answered alike. Whoever
// sends its contact then gets ours, and ours is not given without.
func (d *Desk) AnswerAgreed(ctx context.Context, token string, in AgreedRequest) (AgreedAnswer, error) {
	c, err := d.comparingBy(token)
	if err != nil {
		return AgreedAnswer{}, err
	}
	if err := goodHashes("match", in.Match, mostMatchHashes); err != nil {
		return AgreedAnswer{}, err
	}
	if in.Contact != nil {
		check := newChecker(d.Now(), time.UTC)
		in.Contact.check("contact.", check)
		if err := check.Err(); err != nil {
			return AgreedAnswer{}, err
		}
	}
	for _, m := range d.board.Matches() {
		if m.ComparisonID != c.ID || !m.met(in.Match) || m.State != MatchAgreed && m.State != MatchBoth || !d.matchStands(m) {
			continue
		}
		if in.Contact == nil {
			return AgreedAnswer{Both: true}, nil
		}
		return d.exchange(ctx, m.ID, *in.Contact)
	}
	return AgreedAnswer{}, nil
}

// matchStands tells whether the case of a match still takes part.
func (d *Desk) matchStands(m *Match) bool {
	c, ok := d.Board.Case(m.CaseID)
	return ok && d.takesPart(c)
}

func (m *MatchContact) check(before string, c *checker) {
	c.line(before+"name", m.Name, true)
	c.line(before+"reach", m.Reach, true)
	c.line(before+"reference", m.Reference, true)
}

// exchange keeps the other side's contact and returns ours.
func (d *Desk) exchange(ctx context.Context, id string, theirs MatchContact) (AgreedAnswer, error) {
	var ours MatchContact
	var agreed bool
	_, err := d.Do(ctx, alerts.System(), "compare.exchange", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		m, err := journal.Load[*Match](v, "matches", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		ours, agreed = m.Ours, m.State == MatchAgreed || m.State == MatchBoth
		if m.State != MatchAgreed {
			return journal.Outcome{}, nil
		}
		return journal.Outcome{Documents: []journal.Document{m.exchanged(theirs, v.Now)}}, nil
	})
	if err != nil || !agreed {
		return AgreedAnswer{}, err
	}
	return AgreedAnswer{Both: true, Contact: &ours}, nil
}

// exchanged returns the match on which both have agreed.
func (m *Match) exchanged(theirs MatchContact, now time.Time) *Match {
	next := *m
	next.State, next.Theirs, next.BothAt, next.NextAt, next.ClaimedUntil = MatchBoth, theirs, now, time.Time{}, time.Time{}
	return &next
}
