package alerts

import (
	"time"

	"homeward/journal"
)

// Account is somebody or some program that signs in. It has an erasure unit of
// its own.
type Account struct {
	journal.Head `bson:",inline"`
	Kind         Kind   `bson:"kind" class:"P10"` // person, service
	Role         Role   `bson:"role" class:"P10"`
	Name         string `bson:"name" class:"P10,sealed"`
	Email        string `bson:"email,omitempty" class:"P10,sealed"`
	Language     string `bson:"language,omitempty" class:"P10"`
	// Partner is the organisation for people of partners.
	Partner string `bson:"partner,omitempty" class:"P10"`
	// Password is an Argon2id hash in PHC form, empty until the person has
	// accepted the invitation.
	Password   string    `bson:"password,omitempty" class:"kept,sealed"`
	Tokens     []Token   `bson:"tokens"`
	DisabledAt time.Time `bson:"disabled_at,omitempty" class:"P10"`
	// Invitation is the hash of a one-time sign-in link.
	Invitation        []byte    `bson:"invitation,omitempty" class:"kept"`
	InvitationExpires time.Time `bson:"invitation_expires,omitempty" class:"P10"`
	// Earlier are the links of a first start that were printed before Invitation:
	// every node that starts on a new store prints one, and each of them holds.
	Earlier []EarlierLink `bson:"earlier,omitempty"`
	// SessionsSince ends every session that is older: it moves when the
	// password or the role changes and when the account is disabled.
	SessionsSince time.Time `bson:"sessions_since,omitempty" class:"kept"`
	// Digest is the local hour, such as 07:00, at which the person gets a daily
	// e-mail of what is overdue and due; empty for none.
	Digest string `bson:"digest,omitempty" class:"P10"`
	// Feed is the hash of the token of the private calendar link, FeedSince
	// when it was made.
	Feed      []byte    `bson:"feed,omitempty" class:"kept"`
	FeedSince time.Time `bson:"feed_since,omitempty" class:"P10"`
	// MadeBy is the account that made this one.
	MadeBy string `bson:"made_by" class:"P10"`
}

// EarlierLink is a one-time sign-in link that holds beside the newest one.
type EarlierLink struct {
	Hash      []byte    `bson:"hash" class:"kept"`
	ExpiresAt time.Time `bson:"expires_at" class:"kept"`
}

// Token is an API token: only its SHA-256 is kept.
type Token struct {
	ID        string    `bson:"id" class:"P10"`
	Name      string    `bson:"name" class:"P10"`
	Hash      []byte    `bson:"hash" class:"kept"`
	ExpiresAt time.Time `bson:"expires_at" class:"P10"`
	RevokedAt time.Time `bson:"revoked_at,omitempty" class:"P10"`
	MadeAt    time.Time `bson:"made_at" class:"P10"`
}

// Collection is "accounts".
func (*Account) Collection() string { return "accounts" }

// Unit is the account's own.
func (a *Account) Unit(string) string { return "accounts/" + a.ID }
