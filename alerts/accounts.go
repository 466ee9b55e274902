package alerts

import (
	"bytes"
	"context"
	"encoding/base32"
	"strings"
	"time"

	"homeward/journal"
)

// invitationLife is how long a one-time sign-in link can be used.
const invitationLife = 72 * time.Hour

// NewAccount is what an account is made of.
type NewAccount struct {
	Kind     Kind   `json:"kind"` // person or service
	Role     Role   `json:"role"`
	Name     string `json:"name"`
	Email    string `json:"email,omitempty"`
	Language string `json:"language,omitempty"`
	Partner  string `json:"partner,omitempty"`
}

// InvitedAccount is an account with the code of its one-time sign-in link, which
// is shown this once and again to a repeat of the same request.
type InvitedAccount struct {
	AccountView
	Invitation *Invitation `json:"invitation,omitempty"`
}

// Invitation is a one-time sign-in link: its code belongs into the fragment of
// the address, which browsers do not send.
type Invitation struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (in *NewAccount) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "kind", in.Kind, []Kind{KindPerson, KindService})
	oneOf(i, "role", in.Role, accountRoles())
	i.required("name", &in.Name, maxNameText, "Say who or what this account is for.")
	i.text("email", &in.Email, maxNameText)
	i.language("language", in.Language)
	if in.Email != "" && !strings.Contains(strings.Trim(in.Email, "@"), "@") {
		i.Add("email", "bad_email", "This is not an e-mail address.")
	}
	if in.Kind == KindPerson && in.Email == "" {
		i.Add("email", "required", "A person signs in with an e-mail address.")
	}
	if belongs := in.Role == RolePartner || in.Role == RolePartnerSearch; belongs != (in.Partner != "") {
		i.Add("partner", "partner_and_role", "People of partners, and nobody else, belong to a partner organisation.")
	}
	return i.Fields
}

// accountRoles are the roles that an account can have: the others are of people
// without one.
func accountRoles() []Role { return Roles()[3:] }

// CreateAccount makes an account. A person is invited: the answer has the code
// of the link.
func (d *Desk) CreateAccount(ctx context.Context, a Actor, in NewAccount, r Request) (InvitedAccount, error) {
	if err := d.may(a, "account.create"); err != nil {
		return InvitedAccount{}, err
	}
	if err := in.validate(d.Now()).Err(); err != nil {
		return InvitedAccount{}, err
	}
	id, code := NewID(d.Random), NewCode(d.Seed("invitation", r))
	done, err := d.Do(ctx, a, "account.create", r, func(v *journal.View) (journal.Outcome, error) {
		if err := d.emailFree(v, in.Email, id); err != nil {
			return journal.Outcome{}, err
		}
		acc := &Account{Head: journal.Head{ID: id}, Kind: in.Kind, Role: in.Role, Name: in.Name, Email: in.Email,
			Language: in.Language, Partner: in.Partner, MadeBy: a.ID}
		if in.Kind == KindPerson {
			acc.invite(code, v.Now)
		}
		return journal.Outcome{Documents: []journal.Document{acc}}, nil
	})
	if err != nil {
		return InvitedAccount{}, err
	}
	return d.answerAccount(a, done, code)
}

// InviteAccount gives a person a new one-time link; the one before it ends. It
// is also how somebody who forgot their password gets in again.
func (d *Desk) InviteAccount(ctx context.Context, a Actor, id string, r Request) (InvitedAccount, error) {
	code := NewCode(d.Seed("invitation", r))
	done, err := d.changeAccount(ctx, a, "account.invite", id, r, func(acc *Account, now time.Time) error {
		if acc.Kind != KindPerson || !acc.DisabledAt.IsZero() {
			return Errorf(Conflict, "Only people whose account is open can be invited.")
		}
		acc.invite(code, now)
		return nil
	})
	if err != nil {
		return InvitedAccount{}, err
	}
	return d.answerAccount(a, done, code)
}

// DisableAccount ends an account with its sessions and tokens, at once.
func (d *Desk) DisableAccount(ctx context.Context, a Actor, id string, r Request) (AccountView, error) {
	if id == a.ID {
		return AccountView{}, Errorf(Conflict, "Nobody can disable their own account. Ask another administrator.")
	}
	done, err := d.changeAccount(ctx, a, "account.disable", id, r, func(acc *Account, now time.Time) error {
		if acc.DisabledAt.IsZero() {
			acc.DisabledAt, acc.SessionsSince = now, now
			acc.uninvite()
		}
		return nil
	})
	if err != nil {
		return AccountView{}, err
	}
	v, err := d.answerAccount(a, done, "")
	return v.AccountView, err
}

// Account returns an account for its holder or for who may see accounts.
func (d *Desk) Account(a Actor, id string) (AccountView, error) {
	if acc, ok := d.Board.Account(id); ok {
		if v, ok := d.ViewAccount(a, acc); ok {
			return v, nil
		}
	}
	return AccountView{}, coded(journal.ErrNotFound)
}

// Accounts returns all accounts, oldest first, for who may see them.
func (d *Desk) Accounts(a Actor) ([]AccountView, error) {
	if !d.seesAccounts(a) {
		return nil, Errorf(Forbidden, "This account may not do that.")
	}
	out := []AccountView{}
	for _, acc := range d.Board.Accounts() {
		if v, ok := d.ViewAccount(a, acc); ok {
			out = append(out, v)
		}
	}
	return out, nil
}

// changeAccount copies an account, lets change alter the copy, and writes it.
func (d *Desk) changeAccount(ctx context.Context, a Actor, act, id string, r Request, change func(acc *Account, now time.Time) error) (journal.Done, error) {
	return d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Account](v, "accounts", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		acc := *old
		if err := change(&acc, v.Now); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{&acc}}, nil
	})
}

func (d *Desk) answerAccount(a Actor, done journal.Done, code string) (InvitedAccount, error) {
	for _, k := range done.Keys {
		acc, ok := d.Board.Account(k.ID)
		if !ok {
			continue
		}
		v, _ := d.ViewAccount(a, acc)
		out := InvitedAccount{AccountView: v}
		if code != "" && bytes.Equal(acc.Invitation, HashSecret(NormalCode(code))) {
			out.Invitation = &Invitation{code, acc.InvitationExpires}
		}
		return out, nil
	}
	return InvitedAccount{}, coded(journal.ErrNotFound)
}

// invite makes a link, which ends those before it.
func (acc *Account) invite(code string, now time.Time) {
	acc.uninvite()
	acc.Invitation, acc.InvitationExpires = HashSecret(NormalCode(code)), now.Add(invitationLife)
}

// emailFree refuses an address that another account signs in with.
func (d *Desk) emailFree(v *journal.View, email, id string) error {
	if email == "" {
		return nil
	}
	other, taken := d.Board.AccountByEmail(email)
	taken = taken && other.ID != id
	for _, doc := range v.Pending("accounts") {
		acc := doc.(*Account)
		taken = taken || acc.ID != id && EmailKey(acc.Email) == EmailKey(email)
	}
	if !taken {
		return nil
	}
	var f Fields
	f.Add("email", "taken", "Another account signs in with this address.")
	return f.Err()
}

// Seed returns 32 bytes for a code or a token: derived from the caller's
// idempotency key, so that a repeat gets the same again, or random without one.
func (d *Desk) Seed(purpose string, r Request) []byte {
	if r.Key != nil {
		return d.Ring.MAC("seed "+purpose, r.Key)
	}
	b := make([]byte, 32)
	readRandom(d.Random, b)
	return b
}

// TokenFrom writes a seed as an API token. The prefix lets scanners of public
// code find one that got out.
func TokenFrom(seed []byte) string {
	return "hw_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed))
}
