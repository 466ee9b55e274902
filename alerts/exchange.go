package alerts

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"homeward/journal"
)

// NewExchange is what an exchange is made with.
type NewExchange struct {
	Name string `json:"name"`
}

// RevokeExchangeKey names the key that is to count no more, at once.
type RevokeExchangeKey struct {
	Key string `json:"key"`
}

// ExchangeView is an exchange without its secrets.
type ExchangeView struct {
	ID   string            `json:"id"`
	Name string            `json:"name"`
	Keys []ExchangeKeyView `json:"keys"`
	ExchangeHeard
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// ExchangeKeyView is a secret without the secret itself.
type ExchangeKeyView struct {
	ID     string    `json:"id"`
	MadeAt time.Time `json:"made_at"`
	MadeBy string    `json:"made_by"`
	// EndsAt is when a key that was replaced stops to count.
	EndsAt    time.Time `json:"ends_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	RevokedBy string    `json:"revoked_by,omitempty"`
	// Counts says that messages may be signed with it now.
	Counts bool `json:"counts"`
}

// MadeExchange answers a new exchange or secret. Secret is told this once.
type MadeExchange struct {
	Secret string `json:"secret"`
	ExchangeView
}

// ExchangesView lists the exchanges. Unknown is what came with a signature that
// fits none of them.
type ExchangesView struct {
	Items   []ExchangeView `json:"items"`
	Unknown ExchangeHeard  `json:"unknown"`
}

const (
	// maxExchanges bounds the exchanges, keptKeys the secrets of each, as every
	// message is tried against all.
	maxExchanges = 20
	keptKeys     = 5
)

// MakeExchange lets a telephone exchange announce calls. The same request gives
// the same secret again.
func (d *Desk) MakeExchange(ctx context.Context, a Actor, in NewExchange, r Request) (MadeExchange, error) {
	i := &inspection{now: d.Now()}
	i.required("name", &in.Name, maxNameText, "Give the exchange a name.")
	if err := i.Err(); err != nil {
		return MadeExchange{}, err
	}
	id := d.idFor("exchange", r)
	return d.changeExchange(ctx, a, id, r, func(old *Exchange, fresh ExchangeKey) (*Exchange, error) {
		if len(d.Board.Exchanges()) >= maxExchanges {
			return nil, Errorf(TooMany, "There are as many exchanges as this installation listens to.")
		}
		return &Exchange{Head: journal.Head{ID: id}, Name: in.Name, MadeBy: a.ID, Keys: []ExchangeKey{fresh}}, nil
	})
}

// RotateExchange gives an exchange a new secret. The one before counts beside it
// for CallTerms.Overlap, so that the exchange can change over without losing a
// call.
func (d *Desk) RotateExchange(ctx context.Context, a Actor, id string, r Request) (MadeExchange, error) {
	return d.changeExchange(ctx, a, id, r, func(old *Exchange, fresh ExchangeKey) (*Exchange, error) {
		if old == nil {
			return nil, coded(journal.ErrNotFound)
		}
		next := *old
		next.Keys = append([]ExchangeKey{fresh}, old.Keys[:min(len(old.Keys), keptKeys-1)]...)
		for i := 1; i < len(next.Keys); i++ {
			if next.Keys[i].EndsAt.IsZero() {
				next.Keys[i].EndsAt = fresh.MadeAt.Add(d.callTerms.Overlap)
			}
		}
		return &next, nil
	})
}

// changeExchange runs a rule that puts a fresh key on an exchange, nil for a new
// one, and answers with the secret.
func (d *Desk) changeExchange(ctx context.Context, a Actor, id string, r Request, rule func(*Exchange, ExchangeKey) (*Exchange, error)) (MadeExchange, error) {
	if err := d.may(a, "exchange.manage"); err != nil {
		return MadeExchange{}, err
	}
	secret := secretPrefix + base64.StdEncoding.EncodeToString(d.Seed("exchange "+id, r))
	key := NewID(d.Random)
	_, known := d.Board.Exchange(id)
	_, err := d.Do(ctx, a, "exchange.manage", r, func(v *journal.View) (journal.Outcome, error) {
		var old *Exchange
		if known {
			var err error
			if old, err = journal.Load[*Exchange](v, "exchanges", id); err != nil {
				return journal.Outcome{}, err
			}
		}
		next, err := rule(old, ExchangeKey{ID: key, Secret: secret, MadeAt: v.Now, MadeBy: a.ID})
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return MadeExchange{}, err
	}
	view, err := d.exchangeNow(ctx, id)
	return MadeExchange{secret, view}, err
}

// RevokeExchangeKey ends a secret at once.
func (d *Desk) RevokeExchangeKey(ctx context.Context, a Actor, id string, in RevokeExchangeKey, r Request) (ExchangeView, error) {
	if err := d.may(a, "exchange.manage"); err != nil {
		return ExchangeView{}, err
	}
	_, err := d.Do(ctx, a, "exchange.manage", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Exchange](v, "exchanges", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		at := slices.IndexFunc(old.Keys, func(k ExchangeKey) bool { return k.ID == in.Key })
		if at < 0 {
			var f Fields
			f.Add("key", "unknown_value", "The exchange has no such key.")
			return journal.Outcome{}, f.Err()
		}
		if !old.Keys[at].RevokedAt.IsZero() {
			return journal.Outcome{}, nil
		}
		next := *old
		next.Keys = slices.Clone(old.Keys)
		next.Keys[at].RevokedAt, next.Keys[at].RevokedBy = v.Now, a.ID
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	if err != nil {
		return ExchangeView{}, err
	}
	return d.exchangeNow(ctx, id)
}

// Exchanges returns all exchanges to the administrators, with when the last
// message of each came and why the last one was refused.
func (d *Desk) Exchanges(ctx context.Context, a Actor) (ExchangesView, error) {
	out := ExchangesView{Items: []ExchangeView{}}
	if err := d.may(a, "exchange.manage"); err != nil {
		return out, err
	}
	var err error
	if out.Unknown, err = d.heard(ctx, nobodys); err != nil {
		return out, err
	}
	for _, e := range d.Board.Exchanges() {
		v, err := d.exchangeView(ctx, e)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

func (d *Desk) exchangeNow(ctx context.Context, id string) (ExchangeView, error) {
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "exchanges", ID: id})
	if err != nil {
		return ExchangeView{}, coded(err)
	}
	return d.exchangeView(ctx, doc.(*Exchange))
}

func (d *Desk) exchangeView(ctx context.Context, e *Exchange) (ExchangeView, error) {
	v := ExchangeView{ID: e.ID, Name: e.Name, Keys: []ExchangeKeyView{}, Version: e.Version, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt}
	now := d.Now()
	for i := range e.Keys {
		k := &e.Keys[i]
		v.Keys = append(v.Keys, ExchangeKeyView{
			ID: k.ID, MadeAt: k.MadeAt, MadeBy: k.MadeBy, EndsAt: k.EndsAt, RevokedAt: k.RevokedAt, RevokedBy: k.RevokedBy,
			Counts: k.RevokedAt.IsZero() && (k.EndsAt.IsZero() || now.Before(k.EndsAt)),
		})
	}
	heard, err := d.heard(ctx, e.ID)
	v.ExchangeHeard = heard
	return v, err
}
