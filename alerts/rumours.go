package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// RumourView is an entry as the desk sees it.
type RumourView struct {
	ID          string               `json:"id"`
	State       RumourState          `json:"state"`
	Verdict     string               `json:"verdict"`
	Since       string               `json:"since"`
	Texts       map[string]DraftText `json:"texts"`
	Links       []string             `json:"links"`
	Files       []string             `json:"files"`
	ContentHash string               `json:"content_hash"`
	Author      string               `json:"author"`
	WrittenAt   time.Time            `json:"written_at"`
	ApprovedBy  string               `json:"approved_by,omitempty"`
	ApprovedAt  time.Time            `json:"approved_at,omitzero"`
	RetractedBy string               `json:"retracted_by,omitempty"`
	RetractedAt time.Time            `json:"retracted_at,omitzero"`
	Reason      string               `json:"reason,omitempty"`
	Version     int                  `json:"version"`
	CreatedAt   time.Time            `json:"created_at"`
	UpdatedAt   time.Time            `json:"updated_at"`
	May         map[string]bool      `json:"may"`
}

// PublicRumour is an entry as everybody sees it. Of one that was retracted only
// that is told.
type PublicRumour struct {
	ID      string `json:"id"`
	State   string `json:"state"` // published or retracted
	Verdict string `json:"verdict,omitempty"`
	Since   string `json:"since,omitempty"`
	// Texts are by language: what goes round, and what is true of it.
	Texts map[string]DraftText `json:"texts,omitempty"`
	// LinkSHA256 and FileSHA256 are hashes by which platforms find copies; see
	// NormalLink for the form of a link.
	LinkSHA256 []string  `json:"link_sha256,omitempty"`
	FileSHA256 []string  `json:"file_sha256,omitempty"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// ApproveRumour is what somebody sends who lets an entry out.
type ApproveRumour struct {
	ContentHash string `json:"content_hash"`
}

// RetractRumour is why an entry is taken back; the reason stays on the desk.
type RetractRumour struct {
	Reason string `json:"reason"`
}

// WriteRumour writes a new entry; somebody else lets it out.
func (d *Desk) WriteRumour(ctx context.Context, a Actor, in NewRumour, r Request) (RumourView, error) {
	id := NewID(d.Random)
	return d.changeRumour(ctx, a, "rumour.write", id, r, func(_ *Rumour, now time.Time) (*Rumour, error) {
		next, f := in.rumour(now)
		next.Head, next.State = journal.Head{ID: id}, RumourDraft
		return written(&next, a, now), f.Err()
	})
}

// UpdateRumour writes an entry anew that is not out yet.
func (d *Desk) UpdateRumour(ctx context.Context, a Actor, id string, in NewRumour, r Request) (RumourView, error) {
	return d.changeRumour(ctx, a, "rumour.write", id, r, func(old *Rumour, now time.Time) (*Rumour, error) {
		if old.State != RumourDraft {
			return nil, Errorf(Conflict, "This entry has been out already. Retract it and write a new one.")
		}
		next, f := in.rumour(now)
		next.Head, next.State = old.Head, RumourDraft
		return written(&next, a, now), f.Err()
	})
}

func written(r *Rumour, a Actor, now time.Time) *Rumour {
	r.Author, r.WrittenAt = a.ID, now
	r.ContentHash = rumourHash(r)
	return r
}

// PublishRumour lets an entry out: another person than its author, who has read
// exactly what goes out.
func (d *Desk) PublishRumour(ctx context.Context, a Actor, id string, in ApproveRumour, r Request) (RumourView, error) {
	return d.changeRumour(ctx, a, "rumour.approve", id, r, func(old *Rumour, now time.Time) (*Rumour, error) {
		switch {
		case old.State == RumourPublished && old.ApprovedBy == a.ID && old.ContentHash == in.ContentHash:
			return nil, nil
		case old.State != RumourDraft:
			return nil, Errorf(Conflict, "This entry is not a draft any more.")
		case a.Kind != KindPerson || a.ID == old.Author:
			return nil, Errorf(Forbidden, "Another person than the one who wrote the entry must let it out.")
		case in.ContentHash != old.ContentHash || rumourHash(old) != old.ContentHash:
			return nil, Errorf(Conflict, "The entry changed after you read it. Read it again.")
		}
		next := *old
		next.State, next.ApprovedBy, next.ApprovedAt = RumourPublished, a.ID, now
		return &next, nil
	})
}

// TakeBackRumour retracts an entry, by one person and at once.
func (d *Desk) TakeBackRumour(ctx context.Context, a Actor, id string, in RetractRumour, r Request) (RumourView, error) {
	return d.changeRumour(ctx, a, "rumour.retract", id, r, func(old *Rumour, now time.Time) (*Rumour, error) {
		var f Fields
		textField(&f, "reason", in.Reason, maxInstruction)
		if err := f.Err(); err != nil || old.State == RumourRetracted {
			return nil, err
		}
		next := *old
		next.State, next.RetractedBy, next.RetractedAt, next.Reason = RumourRetracted, a.ID, now, strings.TrimSpace(in.Reason)
		return &next, nil
	})
}

// changeRumour runs a rule on an entry, nil for a new one, and answers with it.
func (d *Desk) changeRumour(ctx context.Context, a Actor, act, id string, r Request, rule func(*Rumour, time.Time) (*Rumour, error)) (RumourView, error) {
	if err := d.may(a, act); err != nil {
		return RumourView{}, err
	}
	_, known := d.Board.Rumour(id)
	done, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		var old *Rumour
		if known || act != "rumour.write" {
			var err error
			if old, err = journal.Load[*Rumour](v, "rumours", id); err != nil {
				return journal.Outcome{}, err
			}
		}
		next, err := rule(old, v.Now)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return RumourView{}, err
	}
	if len(done.Keys) > 0 {
		id = done.Keys[0].ID
	}
	return d.Rumour(a, id)
}

// Rumour returns one entry to the desk.
func (d *Desk) Rumour(a Actor, id string) (RumourView, error) {
	r, ok := d.Board.Rumour(id)
	if !ok {
		return RumourView{}, coded(fmt.Errorf("rumour %s: %w", id, journal.ErrNotFound))
	}
	return d.rumourView(a, r), nil
}

// Rumours returns all entries to the desk, newest first.
func (d *Desk) Rumours(a Actor) []RumourView {
	out := []RumourView{}
	for _, r := range d.Board.Rumours() {
		out = append(out, d.rumourView(a, r))
	}
	return out
}

func (d *Desk) rumourView(a Actor, r *Rumour) RumourView {
	draft, retracted := r.State == RumourDraft, r.State == RumourRetracted
	return RumourView{
		ID: r.ID, State: r.State, Verdict: r.Verdict, Since: r.Since, Texts: textsView(r.Texts), Links: notNil(r.Links), Files: notNil(r.Files),
		ContentHash: r.ContentHash, Author: r.Author, WrittenAt: r.WrittenAt, ApprovedBy: r.ApprovedBy, ApprovedAt: r.ApprovedAt,
		RetractedBy: r.RetractedBy, RetractedAt: r.RetractedAt, Reason: r.Reason, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		May: map[string]bool{
			"update":  draft && d.Matrix.Can(a.Role, "rumour.write"),
			"approve": draft && d.Matrix.Can(a.Role, "rumour.approve") && a.Kind == KindPerson && a.ID != r.Author,
			"retract": !retracted && d.Matrix.Can(a.Role, "rumour.retract"),
		},
	}
}

func notNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// PublicRumours returns what everybody may know, newest first.
func (d *Desk) PublicRumours() []PublicRumour {
	out := []PublicRumour{}
	for _, r := range d.Board.Rumours() {
		if v, ok := publicRumour(r); ok {
			out = append(out, v)
		}
	}
	return out
}

// publicRumour is false for an entry that was never out.
func publicRumour(r *Rumour) (PublicRumour, bool) {
	v := PublicRumour{ID: r.ID, State: string(r.State), UpdatedAt: r.ApprovedAt}
	if r.ApprovedAt.IsZero() {
		return v, false
	}
	if r.State == RumourRetracted {
		v.UpdatedAt = r.RetractedAt
		return v, true
	}
	v.Verdict, v.Since, v.Texts, v.FileSHA256 = r.Verdict, r.Since, textsView(r.Texts), r.Files
	for _, l := range r.Links {
		v.LinkSHA256 = append(v.LinkSHA256, LinkHash(l))
	}
	return v, true
}

// RumourOf finds the published entry about a link, or about the hash of a file.
func (d *Desk) RumourOf(what string) (PublicRumour, bool) {
	what = strings.TrimSpace(what)
	hash := LinkHash(what)
	for _, v := range d.PublicRumours() {
		if hash != "" && slices.Contains(v.LinkSHA256, hash) || slices.Contains(v.FileSHA256, strings.ToLower(what)) {
			return v, true
		}
	}
	return PublicRumour{}, false
}
