package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// RotateKey makes a key in place of one that still works, with the same name,
// levels and areas. The old one works on for a while, so that the program can change over
// without losing a frame. Only people may do that, of the desk or of the
// organisation: a program that could would keep a stolen key alive for ever. The
// same request gives the same token again.
func (d *Desk) RotateKey(ctx context.Context, a alerts.Actor, partnerID, keyID string, r alerts.Request) (MadeKey, error) {
	if err := d.mayManage(a, partnerID); err != nil {
		return MadeKey{}, err
	}
	token, err := d.newToken(partnerID, r)
	if err != nil {
		return MadeKey{}, err
	}
	id := alerts.NewID(d.Random)
	_, err = d.Do(ctx, a, "partner.key_rotate", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		p := *old
		key, err := p.rotate(keyID, d.limits, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		key.ID, key.Hash = id, alerts.HashSecret(token)
		p.Keys[slices.IndexFunc(p.Keys, func(k Key) bool { return k.ID == keyID })].ReplacedBy = id
		p.Keys = append(p.Keys, key)
		return journal.Outcome{Documents: []journal.Document{&p}}, nil
	})
	if err != nil {
		return MadeKey{}, err
	}
	return d.madeKey(partnerID, token)
}

// rotate shortens the life of a key to the overlap and returns the one that
// takes its place.
func (p *Partner) rotate(keyID string, l Limits, now time.Time) (Key, error) {
	at := slices.IndexFunc(p.Keys, func(k Key) bool { return k.ID == keyID })
	if at < 0 {
		return Key{}, missing("key " + keyID)
	}
	switch old := p.Keys[at]; {
	case old.ReplacedBy != "":
		return Key{}, alerts.Errorf(alerts.Conflict, "This key has been replaced already.")
	case keyEnded(p, &old, now) != "":
		return Key{}, alerts.Errorf(alerts.Conflict, "This key does not work any more. Ask the desk for a new one.")
	}
	p.Keys = slices.Clone(p.Keys)
	old := &p.Keys[at]
	if until := now.Add(l.Rotation); until.Before(old.ExpiresAt) {
		old.ExpiresAt = until
	}
	return Key{Name: old.Name, Levels: slices.Clone(old.Levels), Regions: slices.Clone(old.Regions), ExpiresAt: now.Add(l.KeyLife).UTC().Truncate(time.Millisecond), MadeAt: now}, nil
}
