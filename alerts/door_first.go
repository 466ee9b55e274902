package alerts

import (
	"context"
	"time"

	"homeward/journal"
)

// firstTokenLife is how long the token of the first start is good for.
const firstTokenLife = 24 * time.Hour

// OnFirstAdministrator calls fn once the token of the first start has ended
// because an administrator signed in here, so that its file can be deleted. fn
// must not block.
func (d *Door) OnFirstAdministrator(fn func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.first = append(d.first, fn)
}

// BootstrapAdmin returns, as long as no administrator has ever signed in, the
// code of a one-time link for the first administrator and an API token for the
// first day, both new. Otherwise both are empty. Only hashes are kept.
func (d *Door) BootstrapAdmin(ctx context.Context) (code, token string, err error) {
	id, service := NewID(d.desk.Random), NewID(d.desk.Random)
	code, token = NewCode(d.desk.Seed("invitation", Request{})), TokenFrom(d.desk.Seed("token", Request{}))
	tokenID := NewID(d.desk.Random)
	done, err := d.desk.Do(ctx, System(), "account.bootstrap", Request{}, func(v *journal.View) (journal.Outcome, error) {
		person, program := d.firstAccounts(v)
		if person != nil && person.Password != "" {
			return journal.Outcome{}, nil
		}
		admin := Account{Head: journal.Head{ID: id}, Kind: KindPerson, Role: RoleAdministrator, MadeBy: System().ID}
		if person != nil {
			admin = *person
		}
		// Another node may have started first and printed its own: all hold.
		earlier := admin.links(v.Now)
		admin.Earlier = earlier[max(0, len(earlier)-maxTokens+1):]
		admin.Invitation, admin.InvitationExpires = HashSecret(NormalCode(code)), v.Now.Add(firstTokenLife)
		first := Account{Head: journal.Head{ID: service}, Kind: KindService, Role: RoleAdministrator, Name: "first start", MadeBy: System().ID}
		if program != nil {
			first = *program
		}
		first.Tokens = append(validTokens(first.Tokens, v.Now),
			Token{ID: tokenID, Name: "admin-token", Hash: HashSecret(token), ExpiresAt: v.Now.Add(firstTokenLife), MadeAt: v.Now})
		return journal.Outcome{Documents: []journal.Document{&admin, &first}}, nil
	})
	if err != nil || len(done.Keys) == 0 {
		return "", "", err
	}
	return code, token, nil
}

// validTokens returns a new list of the newest tokens that still hold.
func validTokens(tokens []Token, now time.Time) []Token {
	out := []Token{}
	for _, t := range tokens {
		if t.valid(now) {
			out = append(out, t)
		}
	}
	return out[max(0, len(out)-maxTokens+1):]
}

// firstAccounts returns an administrator who is a person, one with a password
// before one without, and the program's own account for the first start.
func (d *Door) firstAccounts(v *journal.View) (person, program *Account) {
	accounts := d.desk.Board.Accounts()
	for _, doc := range v.Pending("accounts") {
		accounts = append(accounts, doc.(*Account))
	}
	for _, acc := range accounts {
		switch {
		case acc.Role != RoleAdministrator:
		case acc.Kind == KindPerson && (person == nil || person.Password == "") && (acc.Password != "" || acc.MadeBy == System().ID):
			person = acc
		case acc.Kind == KindService && acc.MadeBy == System().ID:
			program = acc
		}
	}
	return person, program
}

// endFirstStart forgets the account of the first start's token.
func (d *Door) endFirstStart(ctx context.Context) error {
	_, program := d.firstAccounts(&journal.View{})
	if program == nil {
		return nil
	}
	_, err := d.desk.Do(ctx, System(), "account.first_start_over", Request{}, func(v *journal.View) (journal.Outcome, error) {
		if ok, err := v.Exists(journal.KeyOf(program)); err != nil || !ok {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Forget: []journal.Key{journal.KeyOf(program)}}, nil
	})
	if err != nil {
		return err
	}
	ids := make([]string, len(program.Tokens))
	for i, t := range program.Tokens {
		ids[i] = t.ID
	}
	d.revoke(ids...)
	d.mu.Lock()
	hooks := d.first
	d.mu.Unlock()
	for _, fn := range hooks {
		fn()
	}
	return nil
}
