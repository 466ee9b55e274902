package alerts

import "time"

// ContactView is a hotline contact as one reader sees it.
type ContactView struct {
	ID            string      `json:"id"`
	Channel       string      `json:"channel"`
	At            time.Time   `json:"at"`
	Language      string      `json:"language,omitempty"`
	Kind          string      `json:"kind"`
	CaseID        string      `json:"case_id,omitempty"`
	Relation      string      `json:"relation,omitempty"`
	Party         string      `json:"party,omitempty"`
	Caller        *Reporter   `json:"caller,omitempty"`
	Asked         string      `json:"asked,omitempty"`
	Promised      string      `json:"promised,omitempty"`
	PromisedUntil time.Time   `json:"promised_until,omitzero"`
	KeptAt        time.Time   `json:"kept_at,omitzero"`
	Police        *PoliceView `json:"police,omitempty"`
	// Interpreter is who interpreted, if anybody; MayBeTold what the caller may
	// be told; Explained what was said about rights and services, in ExplainedIn.
	Interpreter string `json:"interpreter,omitempty"`
	MayBeTold   string `json:"may_be_told,omitempty"`
	Explained   string `json:"explained,omitempty"`
	ExplainedIn string `json:"explained_in,omitempty"`
	// TakenBy spoke with the caller, RecordedBy wrote it down.
	TakenBy    string `json:"taken_by,omitempty"`
	RecordedBy string `json:"recorded_by,omitempty"`
	// Unreferred says that a child is reported missing and the police were not
	// told, here or on the case, and nobody wrote down why.
	Unreferred bool          `json:"unreferred,omitempty"`
	Report     *PublicReport `json:"report,omitempty"`
	Messages   []MessageView `json:"messages,omitempty"`
	// Coded says that somebody holds a code for this contact; Checks say whether
	// they may see what was done, Objections what they said against publication.
	Coded      bool              `json:"coded,omitempty"`
	Checks     []ParentCheckView `json:"checks,omitempty"`
	Objections []ObjectionView   `json:"objections,omitempty"`
	// CallID is the call that it was made of.
	CallID string `json:"call_id,omitempty"`
	// NotSame are cases that were judged to be about another child.
	NotSame   []ApartView `json:"not_same,omitempty"`
	Version   int         `json:"version"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
	Withheld  []Class     `json:"withheld"`
}

func contactClasses() []Class { return []Class{P3, P6, P10} }

// ViewContact returns what the actor sees of a contact; c is its case, nil when
// it stands without one. It records no read.
func (d *Desk) ViewContact(a Actor, ct *Contact, c *Case) ContactView {
	return d.contactView(a, ct, c)
}

// ContactClasses returns the classes that ViewContact shows to the actor.
func (d *Desk) ContactClasses(a Actor, c *Case) []Class {
	return d.lensOn(a, c).shown(contactClasses()...)
}

func (d *Desk) contactView(a Actor, ct *Contact, c *Case) ContactView {
	v := viewContact(d.lensOn(a, c), ct)
	v.Unreferred = v.ID != "" && ct.Unreferred(c)
	v.NotSame = d.apartSeen(a, v.NotSame)
	return v
}

func viewContact(l lens, ct *Contact) ContactView {
	if !l.sees(Ref) {
		return ContactView{Withheld: contactClasses()}
	}
	v := ContactView{
		ID: ct.ID, Channel: ct.Channel, At: ct.At, Language: ct.Language, Kind: ct.Kind, CaseID: ct.CaseID,
		PromisedUntil: ct.PromisedUntil, KeptAt: ct.KeptAt, Version: ct.Version, CreatedAt: ct.CreatedAt, UpdatedAt: ct.UpdatedAt,
		RecordedBy: only(l, ct.RecordedBy, P10), TakenBy: only(l, ct.TakenBy, P10), CallID: ct.CallID,
		NotSame: apartViews(l, ct.NotSame), Withheld: l.withheld(contactClasses()...),
	}
	if p := ct.Police; l.sees(P3) && p != (PoliceReport{}) {
		v.Police = policeView(&p)
	}
	if l.sees(P6) {
		v.Relation, v.Party, v.Caller, v.Asked, v.Promised = ct.Relation, ct.Party, ct.Caller, ct.Asked, ct.Promised
		v.Interpreter, v.MayBeTold, v.Explained, v.ExplainedIn = ct.Interpreter, ct.MayBeTold, ct.Explained, ct.ExplainedIn
		v.Report, v.Messages = ct.Report, messageViews(ct.Messages)
		v.Coded, v.Checks, v.Objections = len(ct.Receipt) > 0, checkViews(l, ct.Checks), objectionViews(l, ct.Objections)
	}
	return v
}

// AccountView is an account as administrators and its holder see it.
type AccountView struct {
	ID           string      `json:"id"`
	Kind         Kind        `json:"kind"`
	Role         Role        `json:"role"`
	Name         string      `json:"name"`
	Email        string      `json:"email,omitempty"`
	Language     string      `json:"language,omitempty"`
	Partner      string      `json:"partner,omitempty"`
	DisabledAt   time.Time   `json:"disabled_at,omitzero"`
	InvitedUntil time.Time   `json:"invited_until,omitzero"`
	Tokens       []TokenView `json:"tokens"`
	MadeBy       string      `json:"made_by"`
	// Digest is the local hour of the daily e-mail; CalendarSince when the
	// private calendar link was made.
	Digest        string    `json:"digest,omitempty"`
	CalendarSince time.Time `json:"calendar_since,omitzero"`
	Version       int       `json:"version"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// TokenView is an API token without its secret.
type TokenView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	ExpiresAt time.Time `json:"expires_at"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	MadeAt    time.Time `json:"made_at"`
}

// ViewAccount returns an account for its holder and for who may see accounts;
// for others, as when it does not exist, it is false.
func (d *Desk) ViewAccount(a Actor, acc *Account) (AccountView, bool) {
	if !d.seesAccounts(a) && (acc.ID != a.ID || a.ID == "") {
		return AccountView{}, false
	}
	v := AccountView{
		ID: acc.ID, Kind: acc.Kind, Role: acc.Role, Name: acc.Name, Email: acc.Email, Language: acc.Language, Partner: acc.Partner,
		Digest: acc.Digest, CalendarSince: acc.FeedSince,
		DisabledAt: acc.DisabledAt, MadeBy: acc.MadeBy, InvitedUntil: acc.InvitationExpires, Tokens: []TokenView{},
		Version: acc.Version, CreatedAt: acc.CreatedAt, UpdatedAt: acc.UpdatedAt,
	}
	for _, t := range acc.Tokens {
		v.Tokens = append(v.Tokens, TokenView{t.ID, t.Name, t.ExpiresAt, t.RevokedAt, t.MadeAt})
	}
	return v, true
}

// seesAccounts tells whether the matrix gives the actor the accounts' part of
// P10. The stage does not matter to it.
func (d *Desk) seesAccounts(a Actor) bool {
	return d.Matrix.Part(a, P10, StateVerifying, Grounds{}) == "accounts"
}
