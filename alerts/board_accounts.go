package alerts

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// accountShelf holds the accounts of a board. Hashes of tokens and invitations
// lead to the account whether they are still valid or not: the rule that signs
// somebody in decides that.
type accountShelf struct {
	byID     map[string]*Account
	byEmail  map[string]string
	byToken  map[string]string
	byInvite map[string]string
	byFeed   map[string]string
}

func newAccountShelf() accountShelf {
	return accountShelf{
		byID: map[string]*Account{}, byEmail: map[string]string{},
		byToken: map[string]string{}, byInvite: map[string]string{}, byFeed: map[string]string{},
	}
}

func (s *accountShelf) put(a *Account) {
	if was, ok := s.byID[a.ID]; ok {
		if was.Number > a.Number {
			return
		}
		s.unlist(was)
	}
	s.byID[a.ID] = a
	if a.Email != "" {
		s.byEmail[EmailKey(a.Email)] = a.ID
	}
	for _, t := range a.Tokens {
		s.byToken[string(t.Hash)] = a.ID
	}
	if len(a.Invitation) > 0 {
		s.byInvite[string(a.Invitation)] = a.ID
	}
	for _, l := range a.Earlier {
		s.byInvite[string(l.Hash)] = a.ID
	}
	if len(a.Feed) > 0 {
		s.byFeed[string(a.Feed)] = a.ID
	}
}

// unlist takes out what led to an account, but nothing that leads elsewhere.
func (s *accountShelf) unlist(a *Account) {
	remove := func(m map[string]string, key string) {
		if m[key] == a.ID {
			delete(m, key)
		}
	}
	remove(s.byEmail, EmailKey(a.Email))
	remove(s.byInvite, string(a.Invitation))
	for _, l := range a.Earlier {
		remove(s.byInvite, string(l.Hash))
	}
	remove(s.byFeed, string(a.Feed))
	for _, t := range a.Tokens {
		remove(s.byToken, string(t.Hash))
	}
}

func (s *accountShelf) drop(id string) {
	if a, ok := s.byID[id]; ok {
		s.unlist(a)
		delete(s.byID, id)
	}
}

// EmailKey is the form in which e-mail addresses are compared.
func EmailKey(email string) string {
	return cases.Fold().String(norm.NFKC.String(strings.TrimSpace(email)))
}

// Account returns an account by its id, also a disabled one.
func (b *Board) Account(id string) (*Account, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	a, ok := b.accounts.byID[id]
	return a, ok
}

// AccountByEmail returns an account by its address, whatever its case.
func (b *Board) AccountByEmail(email string) (*Account, bool) {
	return b.accountBy(b.accounts.byEmail, EmailKey(email))
}

// AccountByToken returns the account that has a token with this hash; the token
// may have expired or been revoked.
func (b *Board) AccountByToken(hash []byte) (*Account, bool) {
	return b.accountBy(b.accounts.byToken, string(hash))
}

// AccountByInvitation returns the account whose invitation has this hash; it
// may have expired.
func (b *Board) AccountByInvitation(hash []byte) (*Account, bool) {
	return b.accountBy(b.accounts.byInvite, string(hash))
}

// AccountByFeed returns the account whose calendar link has a token with this
// hash.
func (b *Board) AccountByFeed(hash []byte) (*Account, bool) {
	return b.accountBy(b.accounts.byFeed, string(hash))
}

func (b *Board) accountBy(index map[string]string, key string) (*Account, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	a, ok := b.accounts.byID[index[key]]
	return a, ok && key != ""
}

// Accounts returns all accounts, oldest first.
func (b *Board) Accounts() []*Account {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]*Account, 0, len(b.accounts.byID))
	for _, a := range b.accounts.byID {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *Account) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return out
}
