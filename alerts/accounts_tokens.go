package alerts

import (
	"bytes"
	"context"
	"slices"
	"time"

	"homeward/journal"
)

const (
	tokenLife    = 90 * 24 * time.Hour // when nothing is said
	maxTokenLife = 366 * 24 * time.Hour
	maxTokens    = 20 // of one account that are valid at once
)

// NewToken is what an API token is made of.
type NewToken struct {
	Name      string    `json:"name"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

// MadeToken is a new token with its secret, which is shown this once and again
// to a repeat of the same request.
type MadeToken struct {
	TokenView
	Token string `json:"token"`
}

func (in *NewToken) validate(now time.Time) Fields {
	i := &inspection{now: now}
	i.required("name", &in.Name, maxNameText, "Say what the token is for.")
	i.ahead("expires_at", in.ExpiresAt)
	if in.ExpiresAt.After(now.Add(maxTokenLife)) {
		i.Add("expires_at", "too_late", "A token lives for a year at most.")
	}
	return i.Fields
}

// CreateToken makes an API token: administrators for service accounts, people
// for themselves.
func (d *Desk) CreateToken(ctx context.Context, a Actor, account string, in NewToken, r Request) (MadeToken, error) {
	if err := in.validate(d.Now()).Err(); err != nil {
		return MadeToken{}, err
	}
	id, secret := NewID(d.Random), TokenFrom(d.Seed("token", r))
	done, err := d.changeAccount(ctx, a, "account.token", account, r, func(acc *Account, now time.Time) error {
		if err := d.tokensOf(a, acc); err != nil {
			return err
		}
		expires := in.ExpiresAt
		if expires.IsZero() {
			expires = now.Add(tokenLife)
		}
		return acc.addToken(Token{ID: id, Name: in.Name, Hash: HashSecret(secret), ExpiresAt: expires, MadeAt: now}, now)
	})
	if err != nil {
		return MadeToken{}, err
	}
	for _, k := range done.Keys {
		acc, ok := d.Board.Account(k.ID)
		if !ok {
			continue
		}
		for _, t := range acc.Tokens {
			if bytes.Equal(t.Hash, HashSecret(secret)) {
				return MadeToken{TokenView{t.ID, t.Name, t.ExpiresAt, t.RevokedAt, t.MadeAt}, secret}, nil
			}
		}
	}
	return MadeToken{}, coded(journal.ErrNotFound)
}

// addToken drops what has long ended, so that the list stays small.
func (acc *Account) addToken(t Token, now time.Time) error {
	kept := []Token{}
	valid := 0
	for _, old := range acc.Tokens {
		if old.valid(now) {
			valid++
		} else if now.Sub(old.ExpiresAt) > tokenLife {
			continue
		}
		kept = append(kept, old)
	}
	if valid >= maxTokens {
		return Errorf(Conflict, "This account has %d tokens already. Revoke one first.", maxTokens)
	}
	acc.Tokens = append(kept, t)
	return nil
}

// RevokeToken ends a token at once.
func (d *Desk) RevokeToken(ctx context.Context, a Actor, account, token string, r Request) (AccountView, error) {
	done, err := d.changeAccount(ctx, a, "account.token_revoke", account, r, func(acc *Account, now time.Time) error {
		if err := d.tokensOf(a, acc); err != nil && !d.seesAccounts(a) {
			return err
		}
		acc.Tokens = slices.Clone(acc.Tokens)
		for i := range acc.Tokens {
			if t := &acc.Tokens[i]; t.ID == token {
				if t.RevokedAt.IsZero() {
					t.RevokedAt = now
				}
				return nil
			}
		}
		return journal.ErrNotFound
	})
	if err != nil {
		return AccountView{}, err
	}
	v, err := d.answerAccount(a, done, "")
	return v.AccountView, err
}

// tokensOf refuses whoever may not make tokens for an account; for those who may
// not know it, it is not there.
func (d *Desk) tokensOf(a Actor, acc *Account) error {
	switch {
	case a.ID == acc.ID && acc.DisabledAt.IsZero():
		return nil
	case !d.seesAccounts(a):
		return journal.ErrNotFound
	case acc.Kind != KindService:
		return Errorf(Forbidden, "People make their own tokens.")
	case !acc.DisabledAt.IsZero():
		return Errorf(Conflict, "This account is disabled.")
	}
	return nil
}

func (t *Token) valid(now time.Time) bool { return t.RevokedAt.IsZero() && t.ExpiresAt.After(now) }

// actor is the account as somebody who acts; session names the session or token
// that they came in with.
func (acc *Account) actor(session string, expires time.Time) Actor {
	return Actor{ID: acc.ID, Kind: acc.Kind, Role: acc.Role, Name: acc.Name, Partner: acc.Partner, Session: session, ExpiresAt: expires}
}
