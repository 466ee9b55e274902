package cap

// element is one line of the schema: how often it may come, in this order.
type element struct {
	name     string
	min, max int // max 0 is any number
	children []element
}

func one(name string) element   { return element{name: name, min: 1, max: 1} }
func maybe(name string) element { return element{name: name, max: 1} }
func many(name string) element  { return element{name: name} }

func pair(name string) element {
	return element{name: name, children: []element{one("valueName"), one("value")}}
}

// schema is the CAP 1.2 schema as a table. Signatures, which may follow the
// last info, are not read: a message is trusted by the way it came.
func schema() element {
	area := element{name: "area", children: []element{
		one("areaDesc"), many("polygon"), many("circle"), pair("geocode"), maybe("altitude"), maybe("ceiling"),
	}}
	resource := element{name: "resource", children: []element{
		one("resourceDesc"), one("mimeType"), maybe("size"), maybe("uri"), maybe("derefUri"), maybe("digest"),
	}}
	info := element{name: "info", children: []element{
		maybe("language"), {name: "category", min: 1}, one("event"), many("responseType"), one("urgency"), one("severity"),
		one("certainty"), maybe("audience"), pair("eventCode"), maybe("effective"), maybe("onset"), maybe("expires"),
		maybe("senderName"), maybe("headline"), maybe("description"), maybe("instruction"), maybe("web"), maybe("contact"),
		pair("parameter"), resource, area,
	}}
	return element{name: "alert", min: 1, max: 1, children: []element{
		one("identifier"), one("sender"), one("sent"), one("status"), one("msgType"), maybe("source"), one("scope"),
		maybe("restriction"), maybe("addresses"), many("code"), maybe("note"), maybe("references"), maybe("incidents"), info,
	}}
}

// enumeration returns the values that an element may have.
func enumeration(name string) []string {
	switch name {
	case "status":
		return []string{"Actual", "Exercise", "System", "Test", "Draft"}
	case "msgType":
		return []string{"Alert", "Update", "Cancel", "Ack", "Error"}
	case "scope":
		return []string{"Public", "Restricted", "Private"}
	case "category":
		return []string{"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"}
	case "responseType":
		return []string{"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"}
	case "urgency":
		return []string{"Immediate", "Expected", "Future", "Past", "Unknown"}
	case "severity":
		return []string{"Extreme", "Severe", "Moderate", "Minor", "Unknown"}
	case "certainty":
		return []string{"Observed", "Likely", "Possible", "Unlikely", "Unknown"}
	}
	return nil
}
