package alerts

import "time"

// Role is what somebody is to the installation. The roles are the rows of
// matrix.csv.
type Role string

// The roles. System is the program itself when it takes a step that is due.
const (
	RolePublic         Role = "public"
	RoleTipster        Role = "tipster"
	RoleParent         Role = "parent"
	RoleVolunteer      Role = "volunteer"
	RoleTeamLeader     Role = "team_leader"
	RoleOperator       Role = "operator"
	RoleCoordinator    Role = "coordinator"
	RoleDutyOfficer    Role = "duty_officer"
	RoleLegal          Role = "legal"
	RolePoliceLiaison  Role = "police_liaison"
	RolePrivacyOfficer Role = "privacy_officer"
	RoleAdministrator  Role = "administrator"
	RolePartner        Role = "partner"
	RolePartnerSearch  Role = "partner_search"
	RoleSystem         Role = "system"
)

// Kind tells how an actor came in.
type Kind string

// The kinds of actor.
const (
	KindPerson  Kind = "person"  // signed in with a session or an own token
	KindService Kind = "service" // a program with a token
	KindPartner Kind = "partner" // a partner organisation's key; its people are persons
	KindPublic  Kind = "public"  // nobody in particular
	KindSystem  Kind = "system"
)

// Actor is who does or reads something. It is always an argument, so that a
// command without one does not compile.
type Actor struct {
	// ID is the account's id, "public" or "system"; for a partner's key the
	// key's id.
	ID   string
	Kind Kind
	Role Role
	// Name is what others see of the actor ("by"); never written to logs.
	Name string
	// Partner is the organisation's id for the partner roles.
	Partner string
	// Levels are the alert levels a partner's key may receive; empty means all
	// that the organisation may.
	Levels []Level
	// Regions are the countries and regions that a partner's key is limited to;
	// empty means all that the organisation covers.
	Regions []string
	// Session identifies the session or key, so that revoking it reaches open
	// connections.
	Session string
	// ExpiresAt is when the session or key ends; zero for none.
	ExpiresAt time.Time
	// StepUpAt is when the person last proved who they are.
	StepUpAt time.Time
}

// Public is the actor of anonymous requests.
func Public() Actor { return Actor{ID: "public", Kind: KindPublic, Role: RolePublic} }

// System is the actor of steps that the program takes when they are due.
func System() Actor { return Actor{ID: "system", Kind: KindSystem, Role: RoleSystem} }

// Request identifies a caller's idempotency key: both are keyed hashes, and
// both are nil when the caller gave no key.
type Request struct {
	Key, Body []byte
}
