package partners

import (
	"strconv"
	"time"

	"homeward/journal"
)

// Institution is an entry of the directory of those who owe an answer.
type Institution struct {
	journal.Head `bson:",inline"`
	Name         string `bson:"name" class:"ref"`
	// Kind is one of InstitutionKinds.
	Kind    string `bson:"kind" class:"ref"`
	Country string `bson:"country" class:"ref"` // ISO 3166-1 alpha-2, XK for Kosovo
	// Regions are the codes of the regions that it is in charge of, and Area the
	// same in words where there is no code; both empty for the whole country.
	Regions   []string `bson:"regions,omitempty" class:"ref"`
	Area      string   `bson:"area,omitempty" class:"ref"`
	Roles     []string `bson:"roles" class:"ref"` // role per legal route, such as hague1980
	Languages []string `bson:"languages" class:"ref"`
	// Hours are in words; TimeZone is the IANA name of the zone they are in.
	Hours    string    `bson:"hours,omitempty" class:"ref"`
	TimeZone string    `bson:"time_zone,omitempty" class:"ref"`
	Channels []Channel `bson:"channels" class:"ref"`
	// People are those who can be asked for by name. They have an erasure unit of
	// their own; PeopleEra is how many such units were destroyed.
	PeopleEra int                 `bson:"people_era,omitempty" class:"kept"`
	People    []InstitutionPerson `bson:"people,omitempty" class:"P10,sealed,people"`
	// VerifiedAt is when somebody last checked the entry; it is stale after six
	// months. Zero is "to be verified".
	VerifiedAt time.Time `bson:"verified_at,omitempty" class:"ref"`
	VerifiedBy string    `bson:"verified_by,omitempty" class:"P10"`
	// Source says where the entry comes from.
	Source    string `bson:"source,omitempty" class:"ref"`
	Fictional bool   `bson:"fictional,omitempty" class:"ref"`
}

// Channel is one way to reach an institution.
type Channel struct {
	Kind  string `bson:"kind" json:"kind"` // phone, email, post, web, official_delivery
	Value string `bson:"value" json:"value"`
	// Secure tells whether personal data may go this way; nil while nobody has
	// found out.
	Secure *bool `bson:"secure,omitempty" json:"secure,omitempty"`
	// Source and AsOf (YYYY-MM-DD) say where and when a seeded value was found.
	Source string `bson:"source,omitempty" json:"source,omitempty"`
	AsOf   string `bson:"as_of,omitempty" json:"as_of,omitempty"`
}

// InstitutionPerson is somebody who can be asked for by name.
type InstitutionPerson struct {
	Name     string  `bson:"name" json:"name"`
	Function string  `bson:"function,omitempty" json:"function,omitempty"`
	Channels []Reach `bson:"channels,omitempty" json:"channels,omitempty"`
}

// Reach is one way to reach a person.
type Reach struct {
	Kind  string `bson:"kind" json:"kind"`
	Value string `bson:"value" json:"value"`
}

// Collection is "institutions".
func (*Institution) Collection() string { return "institutions" }

// Unit is that of the institution's people. A unit is never used again once its
// key was destroyed: what it sealed must stay closed.
func (i *Institution) Unit(string) string { return i.peopleKey().String() }

func (i *Institution) peopleKey() journal.Key {
	id := i.ID
	if i.PeopleEra > 0 {
		id += "." + strconv.Itoa(i.PeopleEra)
	}
	return journal.Key{Collection: "people", ID: id}
}
