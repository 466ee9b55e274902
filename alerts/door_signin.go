package alerts

import (
	"bytes"
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// Credentials are what somebody signs in with. Network is a key for where they
// come from, such as a keyed hash of a /24 or /64; it is held in memory only.
type Credentials struct {
	Email, Password string
	Network         string
}

// SignIn begins a session with a new token. A wrong password, an account that
// does not exist, is disabled or has no password yet all give the same answer
// after the same work.
func (d *Door) SignIn(ctx context.Context, in Credentials) (string, Actor, error) {
	now := d.desk.Now()
	email := EmailKey(in.Email)
	if !d.admit(email, in.Network, now) {
		return "", Actor{}, tooManyAttempts()
	}
	acc, ok := d.desk.Board.AccountByEmail(in.Email)
	hash := ""
	if ok && acc.Kind == KindPerson && acc.DisabledAt.IsZero() {
		hash = acc.Password
	}
	fits, err := d.passwords.fits(ctx, in.Password, hash)
	if err != nil {
		return "", Actor{}, err
	}
	if !fits {
		return "", Actor{}, Errorf(Unauthenticated, "The address and the password do not belong together.")
	}
	d.welcome(email, in.Network)
	return d.enter(ctx, acc)
}

func tooManyAttempts() error {
	return Errorf(TooMany, "Too many attempts. Wait half a minute and try again.")
}

// admit counts an attempt. An account that is attacked from many networks is
// slow for strangers only: where it has signed in before, it is not counted.
func (d *Door) admit(email, network string, now time.Time) bool {
	pair := email + "\x00" + network
	if !d.pairs.take(pair, now) || !d.networks.take(network, now) {
		return false
	}
	d.mu.Lock()
	known := d.at[pair]
	d.mu.Unlock()
	return known || d.accounts.take(email, now)
}

func (d *Door) welcome(email, network string) {
	pair := email + "\x00" + network
	d.pairs.forgive(pair)
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.at) >= openAccounts {
		d.at = map[string]bool{}
	}
	d.at[pair] = true
}

// enter begins a session. The first administrator to come in ends the token of
// the first start.
func (d *Door) enter(ctx context.Context, acc *Account) (string, Actor, error) {
	if acc.Role == RoleAdministrator {
		if err := d.endFirstStart(ctx); err != nil {
			return "", Actor{}, err
		}
	}
	return d.begin(ctx, acc, d.desk.Now())
}

// StepUp asks somebody who is signed in for their password again. It gives the
// session a new token; the old one ends.
func (d *Door) StepUp(ctx context.Context, token, password, network string) (string, Actor, error) {
	id := sessionID(token)
	s, acc, err := d.find(ctx, id)
	if err != nil {
		return "", Actor{}, err
	}
	email := EmailKey(acc.Email)
	if !d.admit(email, network, d.desk.Now()) {
		return "", Actor{}, tooManyAttempts()
	}
	fits, err := d.passwords.fits(ctx, password, acc.Password)
	if err != nil {
		return "", Actor{}, err
	}
	if !fits {
		return "", Actor{}, Errorf(Unauthenticated, "This is not the password.")
	}
	d.welcome(email, network)
	fresh, a, err := d.begin(ctx, acc, s.Began)
	if err != nil {
		return "", Actor{}, err
	}
	return fresh, a, d.end(ctx, token)
}

// Acceptance is what somebody who was invited sends. Name and Email are asked
// for only where the account has none yet.
type Acceptance struct {
	Code     string `json:"code"`
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Password string `json:"password"`
	Network  string `json:"-"`
}

// Accept uses up an invitation: it sets the password, ends older sessions, and
// begins one. A code that is wrong, used or too old is Unauthenticated.
func (d *Door) Accept(ctx context.Context, in Acceptance) (string, Actor, error) {
	if !d.networks.take(in.Network, d.desk.Now()) {
		return "", Actor{}, tooManyAttempts()
	}
	hash := HashSecret(NormalCode(in.Code))
	acc, ok := d.desk.Board.AccountByInvitation(hash)
	if !ok || !acc.invited(hash, d.desk.Now()) {
		return "", Actor{}, usedInvitation()
	}
	if err := in.complete(acc).Err(); err != nil {
		return "", Actor{}, err
	}
	password, err := d.passwords.hash(ctx, in.Password)
	if err != nil {
		return "", Actor{}, err
	}
	_, err = d.desk.Do(ctx, System(), "account.accept", Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Account](v, "accounts", acc.ID)
		if err != nil || !old.invited(hash, v.Now) {
			return journal.Outcome{}, usedInvitation()
		}
		if err := d.desk.emailFree(v, in.Email, acc.ID); err != nil {
			return journal.Outcome{}, err
		}
		next := *old
		next.Name, next.Email, next.Password = in.Name, in.Email, password
		next.uninvite()
		next.SessionsSince = v.Now
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	if err != nil {
		return "", Actor{}, err
	}
	if acc, ok = d.desk.Board.Account(acc.ID); !ok {
		return "", Actor{}, usedInvitation()
	}
	return d.enter(ctx, acc)
}

func usedInvitation() error {
	return Errorf(Unauthenticated, "This link has been used or is too old. Ask an administrator for a new one.")
}

func (acc *Account) invited(hash []byte, now time.Time) bool {
	return acc.DisabledAt.IsZero() && slices.ContainsFunc(acc.links(now), func(l EarlierLink) bool { return bytes.Equal(l.Hash, hash) })
}

// links are the one-time sign-in links of an account that still hold, the oldest
// first.
func (acc *Account) links(now time.Time) []EarlierLink {
	all := slices.Clone(acc.Earlier)
	if len(acc.Invitation) > 0 {
		all = append(all, EarlierLink{acc.Invitation, acc.InvitationExpires})
	}
	return slices.DeleteFunc(all, func(l EarlierLink) bool { return !now.Before(l.ExpiresAt) })
}

// uninvite ends every one-time sign-in link of an account.
func (acc *Account) uninvite() {
	acc.Invitation, acc.InvitationExpires, acc.Earlier = nil, time.Time{}, nil
}

// complete takes from the account what it has and checks the rest.
func (in *Acceptance) complete(acc *Account) Fields {
	if acc.Email != "" {
		in.Name, in.Email = acc.Name, acc.Email
	}
	check := NewAccount{Kind: KindPerson, Role: acc.Role, Name: in.Name, Email: in.Email, Partner: acc.Partner}
	f := check.validate(time.Time{})
	in.Name, in.Email = check.Name, check.Email
	passwordFields(&f, in.Password, in.Email, in.Name)
	return f
}
