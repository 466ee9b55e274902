package alerts

import (
	"context"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// DigestHours are the local hours at which a daily e-mail can be had.
func DigestHours() []string {
	return []string{"05:00", "06:00", "07:00", "08:00", "09:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00", "22:00"}
}

// NewDigest sets the hour of somebody's own daily e-mail; empty ends it.
type NewDigest struct {
	At string `json:"at"`
}

// SetDigest sets the hour of the actor's own daily e-mail.
func (d *Desk) SetDigest(ctx context.Context, a Actor, in NewDigest, r Request) (AccountView, error) {
	if in.At != "" && !slices.Contains(DigestHours(), in.At) {
		var f Fields
		f.Add("at", "unknown_value", "Choose one of: "+strings.Join(DigestHours(), ", ")+".")
		return AccountView{}, f.Err()
	}
	return d.changeOwn(ctx, a, "account.digest", r, func(acc *Account, _ time.Time) error {
		if acc.Email == "" && in.At != "" {
			return Errorf(Conflict, "This account has no e-mail address.")
		}
		acc.Digest = in.At
		return nil
	})
}

// MadeCalendar is a new calendar link's token, which is shown this once and
// again to a repeat of the same request.
type MadeCalendar struct {
	Token string    `json:"token"`
	Since time.Time `json:"since"`
}

// MakeCalendar makes the actor's private calendar link; the one before it ends.
func (d *Desk) MakeCalendar(ctx context.Context, a Actor, r Request) (MadeCalendar, error) {
	token := TokenFrom(d.Seed("calendar", r))
	v, err := d.changeOwn(ctx, a, "account.calendar", r, func(acc *Account, now time.Time) error {
		acc.Feed, acc.FeedSince = HashSecret(token), now
		return nil
	})
	if err != nil {
		return MadeCalendar{}, err
	}
	return MadeCalendar{token, v.CalendarSince}, nil
}

// RevokeCalendar ends the actor's private calendar link at once.
func (d *Desk) RevokeCalendar(ctx context.Context, a Actor, r Request) (AccountView, error) {
	return d.changeOwn(ctx, a, "account.calendar", r, func(acc *Account, _ time.Time) error {
		acc.Feed, acc.FeedSince = nil, time.Time{}
		return nil
	})
}

func (d *Desk) changeOwn(ctx context.Context, a Actor, act string, r Request, change func(*Account, time.Time) error) (AccountView, error) {
	done, err := d.changeAccount(ctx, a, act, a.ID, r, func(acc *Account, now time.Time) error {
		if !acc.DisabledAt.IsZero() || acc.Kind != KindPerson {
			return coded(journal.ErrNotFound)
		}
		return change(acc, now)
	})
	if err != nil {
		return AccountView{}, err
	}
	v, err := d.answerAccount(a, done, "")
	return v.AccountView, err
}

// CalendarActor returns whoever holds a calendar token, for reading their
// calendar only. A token that leads to nobody is NotFound.
func (d *Desk) CalendarActor(token string) (Actor, string, error) {
	acc, ok := d.Board.AccountByFeed(HashSecret(token))
	if !ok || token == "" || !acc.DisabledAt.IsZero() {
		return Actor{}, "", coded(journal.ErrNotFound)
	}
	return acc.actor("", time.Time{}), acc.Language, nil
}

// DigestReaders returns the people who want a daily e-mail and can get one.
func (d *Desk) DigestReaders() []*Account {
	return slices.DeleteFunc(d.Board.Accounts(), func(acc *Account) bool {
		return acc.Digest == "" || acc.Email == "" || acc.Kind != KindPerson || !acc.DisabledAt.IsZero()
	})
}

// ActorOf returns an account as somebody who reads, without a session.
func ActorOf(acc *Account) Actor { return acc.actor("", time.Time{}) }
