package alerts

import (
	"context"
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// Limits of passwords, in bytes.
const (
	minPassword = 12
	maxPassword = 1024
)

// passwords hashes with Argon2id, at most two at a time: each takes 19 MiB, and
// sign-ins must not slow down everything else.
type passwords struct {
	turns chan struct{}
	// nobody is a hash that no password fits: comparing with it costs an unknown
	// account as much time as a known one.
	nobody string
}

func passwordCost() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func newPasswords() (*passwords, error) {
	nobody, err := argon2id.CreateHash("nobody", passwordCost())
	if err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return &passwords{turns: make(chan struct{}, 2), nobody: nobody}, nil
}

func (p *passwords) turn(ctx context.Context) error {
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &Error{Code: Unavailable, Message: "Too many people are signing in at this moment. Try again.", Err: ctx.Err()}
	}
}

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if err := p.turn(ctx); err != nil {
		return "", err
	}
	defer func() { <-p.turns }()
	h, err := argon2id.CreateHash(password, passwordCost())
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return h, nil
}

var errCostly = errors.New("the stored password hash asks for more than it may")

// fits compares in the same time whether there is a hash or not: "" fits
// nothing. A stored hash that asks for too much memory or time is refused.
func (p *passwords) fits(ctx context.Context, password, hash string) (bool, error) {
	known := hash != ""
	if !known {
		hash = p.nobody
	}
	params, _, key, err := argon2id.DecodeHash(hash)
	if err != nil {
		return false, fmt.Errorf("read a password hash: %w", err)
	}
	if params.Memory > 64*1024 || params.Iterations < 1 || params.Iterations > 8 || params.Parallelism < 1 || params.Parallelism > 4 || len(key) < 16 || len(key) > 64 {
		return false, errCostly
	}
	if err := p.turn(ctx); err != nil {
		return false, err
	}
	defer func() { <-p.turns }()
	if len(password) > maxPassword {
		password = ""
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && known, nil
}

// passwordFields refuses passwords that are guessed first.
func passwordFields(f *Fields, password, email, name string) {
	switch {
	case len(password) < minPassword:
		f.Add("password", "too_short", fmt.Sprintf("Use at least %d characters; three or four words are good.", minPassword))
	case len(password) > maxPassword:
		f.Add("password", "too_long", fmt.Sprintf("Use at most %d characters.", maxPassword))
	case EmailKey(password) == EmailKey(email) || EmailKey(password) == EmailKey(name):
		f.Add("password", "guessable", "Do not use your address or name as a password.")
	case repeats(password):
		f.Add("password", "guessable", "One character many times is guessed at once.")
	}
}

func repeats(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != s[0] {
			return false
		}
	}
	return true
}
