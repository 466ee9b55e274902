package alerts

import "slices"

// Class is a privacy class, P0 (public card) to P10 (audit and technical). Every
// field of every document names its class in its "class" tag; a field of a type
// without tags has the class of the field that holds it, and where both are
// tagged a reader needs both.
type Class string

// The privacy classes, and the two words that tags use beside them.
const (
	P0  Class = "P0"  // public card
	P1  Class = "P1"  // identity
	P2  Class = "P2"  // places
	P3  Class = "P3"  // family, custody, protection orders
	P4  Class = "P4"  // health and needs
	P5  Class = "P5"  // safeguarding notes
	P6  Class = "P6"  // reporter's identity and contact
	P7  Class = "P7"  // tip text and media
	P8  Class = "P8"  // tipster's identity and contact
	P9  Class = "P9"  // present whereabouts of a found child
	P10 Class = "P10" // audit and technical

	// Ref marks what names a record and says how it stands: ids, the public
	// number, states, times. Whoever may see anything of the record sees it.
	Ref Class = "ref"
	// Kept marks what no view ever holds: hashes, salts, passwords.
	Kept Class = "kept"
)

// Classes returns the eleven privacy classes in order.
func Classes() []Class { return []Class{P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10} }

// place is the class's place in Classes, -1 for anything that is not one of them.
func (c Class) place() int {
	switch {
	case c == P10:
		return 10
	case len(c) == 2 && c[0] == 'P' && c[1] >= '0' && c[1] <= '9':
		return int(c[1] - '0')
	}
	return -1
}

// Valid tells whether c is one of the eleven privacy classes.
func (c Class) Valid() bool { return slices.Contains(Classes(), c) }

// Roles returns every role that somebody can have, in the matrix's order; the
// program itself (RoleSystem) is not among them.
func Roles() []Role {
	return []Role{RolePublic, RoleTipster, RoleParent, RoleVolunteer, RoleTeamLeader,
		RoleOperator, RoleCoordinator, RoleDutyOfficer, RoleLegal, RolePoliceLiaison,
		RolePrivacyOfficer, RoleAdministrator, RolePartner, RolePartnerSearch}
}

// Valid tells whether r is a role that somebody can have.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// States returns the stages of a case in the order of their letters DVRPHFCSEX.
func States() []State {
	return []State{StateDraft, StateVerifying, StateActive, StatePublic, StateOnHold,
		StateFound, StateClosed, StateSealed, StateErased, StateVoid}
}

// stageLetters are the letters of States, in the same order.
const stageLetters = "DVRPHFCSEX"
