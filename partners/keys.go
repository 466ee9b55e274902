package partners

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// NewKey is what a key is made with. Levels may be left out for all that
// partners get, Regions for all that the organisation covers, and ExpiresAt for the longest life.
type NewKey struct {
	Name      string         `json:"name"`
	Levels    []alerts.Level `json:"levels"`
	Regions   []string       `json:"regions,omitempty"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// MadeKey answers a new key. Token is told this once; only its hash is kept.
type MadeKey struct {
	Token string `json:"token"`
	KeyView
}

// tokenPrefix makes a lost token recognisable to programs that look for them.
const tokenPrefix = "hwp_"

// CreateKey makes a key for an organisation. The same request gives the same
// token again.
func (d *Desk) CreateKey(ctx context.Context, a alerts.Actor, partnerID string, in NewKey, r alerts.Request) (MadeKey, error) {
	token, err := d.newToken(partnerID, r)
	if err != nil {
		return MadeKey{}, err
	}
	id := alerts.NewID(d.Random)
	_, err = d.Do(ctx, a, "partner.key", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		key, err := keyRule(old, in, d.Regions, d.limits, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		key.ID, key.Hash = id, alerts.HashSecret(token)
		p := *old
		p.Keys = append(slices.Clip(p.Keys), key)
		return journal.Outcome{Documents: []journal.Document{&p}}, nil
	})
	if err != nil {
		return MadeKey{}, err
	}
	return d.madeKey(partnerID, token)
}

// madeKey answers a key that has just been made, or was by the same request.
func (d *Desk) madeKey(partnerID, token string) (MadeKey, error) {
	_, key, ok := d.board.PartnerByKey(alerts.HashSecret(token))
	if !ok {
		return MadeKey{}, missing("key of partner " + partnerID)
	}
	return MadeKey{token, viewKey(key)}, nil
}

func (d *Desk) newToken(partnerID string, r alerts.Request) (string, error) {
	secret := make([]byte, sha256.Size)
	if r.Key != nil {
		secret = d.Ring.MAC("partner key", []byte(partnerID), r.Key)
	} else if _, err := io.ReadFull(d.Random, secret); err != nil {
		return "", &alerts.Error{Code: alerts.Unavailable, Message: "No key could be made. Nothing was saved.", Err: err}
	}
	return tokenPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)), nil
}

// keyRule checks a new key.
func keyRule(p *Partner, in NewKey, regions *geo.Regions, l Limits, now time.Time) (Key, error) {
	if p.State == PartnerEnded || p.State == PartnerSuspended {
		return Key{}, alerts.Errorf(alerts.Conflict, "This organisation is suspended or has ended: it gets no key.")
	}
	var f alerts.Fields
	key := Key{Name: line(&f, "name", in.Name), Levels: slices.Clone(in.Levels), ExpiresAt: in.ExpiresAt.UTC().Truncate(time.Millisecond), MadeAt: now}
	if key.Name == "" {
		f.Add("name", "required", "Name the key after the machine that holds it.")
	}
	if len(key.Levels) == 0 {
		key.Levels = partnerLevels()
	}
	for _, level := range key.Levels {
		if !slices.Contains(partnerLevels(), level) {
			f.Add("levels", "unknown_value", "A key's levels are partner, public_appeal and national_mirror.")
			break
		}
	}
	key.Regions = scopeRegions(p, in.Regions, regions, &f)
	switch longest := now.Add(l.KeyLife); {
	case in.ExpiresAt.IsZero():
		key.ExpiresAt = longest
	case !key.ExpiresAt.After(now):
		f.Add("expires_at", "in_the_past", "The end must lie ahead.")
	case key.ExpiresAt.After(longest):
		f.Add("expires_at", "too_late", "A key lives 90 days at most.")
	}
	return key, f.Err()
}

// partnerLevels are the levels of alerts that leave the desk.
func partnerLevels() []alerts.Level {
	return []alerts.Level{alerts.LevelPartner, alerts.LevelPublicAppeal, alerts.LevelNationalMirror}
}

// RevokeKey ends a key at once, by the desk or by the organisation's own people.
// A repeat is answered like the first time.
func (d *Desk) RevokeKey(ctx context.Context, a alerts.Actor, partnerID, keyID string, r alerts.Request) (KeyView, error) {
	if err := d.mayManage(a, partnerID); err != nil {
		return KeyView{}, err
	}
	_, err := d.Do(ctx, a, "partner.key_revoke", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		at := slices.IndexFunc(old.Keys, func(k Key) bool { return k.ID == keyID })
		if at < 0 {
			return journal.Outcome{}, missing("key " + keyID)
		}
		if !old.Keys[at].RevokedAt.IsZero() {
			return journal.Outcome{}, nil
		}
		p := *old
		p.Keys = slices.Clone(p.Keys)
		p.Keys[at].RevokedAt = v.Now
		return journal.Outcome{Documents: []journal.Document{&p}}, nil
	})
	if err != nil {
		return KeyView{}, err
	}
	p, err := d.partnerNow(ctx, partnerID)
	if err != nil {
		return KeyView{}, err
	}
	for i := range p.Keys {
		if p.Keys[i].ID == keyID {
			return viewKey(&p.Keys[i]), nil
		}
	}
	return KeyView{}, missing("key " + keyID)
}

// AuthenticateKey returns the actor of a partner's token. Whatever is wrong
// with it, a stranger learns only that it is not accepted.
func (d *Desk) AuthenticateKey(_ context.Context, token string) (alerts.Actor, error) {
	if !strings.HasPrefix(token, tokenPrefix) || len(token) > 200 {
		return alerts.Actor{}, refusedKey("form")
	}
	p, key, ok := d.board.PartnerByKey(alerts.HashSecret(token))
	if !ok {
		return alerts.Actor{}, refusedKey("unknown")
	}
	if why := keyEnded(p, key, d.Now()); why != "" {
		return alerts.Actor{}, refusedKey(why)
	}
	return alerts.Actor{
		ID: key.ID, Kind: alerts.KindPartner, Role: alerts.RolePartner, Name: key.Name, Partner: p.ID,
		Levels: slices.Clone(key.Levels), Regions: slices.Clone(key.Regions), Session: key.ID, ExpiresAt: keyEnds(p, key),
	}, nil
}

// KeyStands tells whether a key that was accepted before still is: open
// connections ask again whenever the organisation changes.
func (d *Desk) KeyStands(partnerID, keyID string) bool {
	p, ok := d.board.Partner(partnerID)
	if !ok {
		return false
	}
	for i := range p.Keys {
		if p.Keys[i].ID == keyID {
			return keyEnded(p, &p.Keys[i], d.Now()) == ""
		}
	}
	return false
}

// keyEnded says why a key does not open anything now, "" when it does. An
// organisation that waits for approval, or to be looked at again, may connect: it
// gets drills only.
func keyEnded(p *Partner, k *Key, now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked"
	case !k.ExpiresAt.After(now):
		return "expired"
	case p.drillsOnly(now):
		return ""
	}
	return p.excluded(now)
}

// keyEnds is when a key ends by itself: with its own time or the agreement's.
func keyEnds(p *Partner, k *Key) time.Time {
	if p.State == PartnerApproved && p.Agreement.ValidUntil.Before(k.ExpiresAt) {
		return p.Agreement.ValidUntil
	}
	return k.ExpiresAt
}

func refusedKey(why string) error {
	return &alerts.Error{Code: alerts.Unauthenticated, Message: "This key is not accepted.", Err: keyError(why)}
}

// keyError is why a key was refused, for the log only.
type keyError string

func (e keyError) Error() string { return "partner key: " + string(e) }
