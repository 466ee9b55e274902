package web

import "homeward/partners"

// factSection is a part of a matter's facts that is changed on one page.
type factSection struct {
	ID    string
	Lists []factList
}

// factList is a list of facts: its name is that of the command's field.
type factList struct {
	Name   string
	Fields []factField
}

// factField is one field of a row. Kinds are those of the form parts, and
// country, countries, language, languages, child, party, court and number.
type factField struct {
	Name, Kind string
	// Group names the words of Values.
	Group    string
	Values   []string
	Optional bool
}

// factSections are the sections in the order of the page. Codes are the dangers
// and the grounds that the data has.
func factSections(dangers, grounds []string) []factSection {
	return []factSection{
		{"states", []factList{{"states", []factField{
			{"state", "country", "", nil, false}, {"role", "select", "involved_role", partners.InvolvedRoles(), false},
			{"from", "date", "", nil, true}, {"until", "date", "", nil, true},
		}}}},
		{"people", []factList{{"parties", partyFields()}}},
		{"children", []factList{{"outcomes", []factField{
			{"child_id", "child", "", nil, false}, {"outcome", "select", "child_outcome", partners.ChildOutcomes(), false}, {"on", "date", "", nil, false},
		}}}},
		{"decisions", []factList{{"decisions", decisionFields(grounds)}}},
		{"documents", []factList{{"documents", documentFields()}, {"authorisations", authorisationFields()}}},
		{"traces", []factList{{"traces", traceFields()}, {"family_contacts", []factField{
			{"date", "date", "", nil, false}, {"channel", "select", "channel", familyChannels(), false}, {"with", "text", "", nil, true}, {"note", "textarea", "", nil, true},
		}}}},
		{"dangers", []factList{{"dangers", []factField{{"code", "select", "danger", dangers, false}, {"note", "textarea", "", nil, true}}}}},
	}
}

func familyChannels() []string {
	return []string{"phone", "sms", "chat", "email", "letter", "in_person", "social_media", "other"}
}

func partyFields() []factField {
	return []factField{
		{"role", "select", "party_role", partners.PartyRoles(), false}, {"name", "text", "", nil, false}, {"relation", "text", "", nil, true},
		{"birth_date", "text", "", nil, true}, {"nationalities", "countries", "", nil, true}, {"languages", "languages", "", nil, true},
		{"address", "textarea", "", nil, true}, {"phone", "text", "", nil, true}, {"email", "text", "", nil, true},
	}
}

func decisionFields(grounds []string) []factField {
	return []factField{
		{"what", "select", "decision_kind", partners.DecisionKinds(), false}, {"date", "date", "", nil, false},
		{"court", "text", "", nil, true}, {"institution_id", "court", "", nil, true}, {"text", "textarea", "", nil, true},
		{"grounds", "checks", "ground", grounds, true},
		{"served_on", "date", "", nil, true}, {"appeal_until", "date", "", nil, true}, {"appealed_on", "date", "", nil, true}, {"final_on", "date", "", nil, true},
		{"enforceable", "check", "", nil, true}, {"enforcement_started_at", "date", "", nil, true}, {"enforced_on", "date", "", nil, true},
	}
}

func documentFields() []factField {
	return []factField{
		{"kind", "select", "document_kind", partners.DocumentKinds(), false}, {"state", "country", "", nil, false},
		{"child_id", "child", "", nil, true}, {"party_id", "party", "", nil, true},
		{"number", "text", "", nil, true}, {"valid_until", "date", "", nil, true}, {"where", "text", "", nil, true}, {"surrendered", "check", "", nil, true},
	}
}

func authorisationFields() []factField {
	return []factField{
		{"kind", "select", "authorisation_kind", partners.AuthorisationKinds(), false}, {"to", "text", "", nil, false}, {"party_id", "party", "", nil, true},
		{"given", "date", "", nil, true}, {"valid_until", "date", "", nil, true}, {"note", "textarea", "", nil, true},
	}
}

func traceFields() []factField {
	return []factField{
		{"kind", "select", "trace_kind", partners.TraceKinds(), false}, {"state", "country", "", nil, true}, {"date", "date", "", nil, true},
		{"text", "textarea", "", nil, false}, {"source", "select", "source", []string{"A", "B", "C", "D", "E", "F"}, false},
		{"information", "number", "information", []string{"1", "2", "3", "4", "5", "6"}, false},
	}
}
