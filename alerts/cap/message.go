package cap

import "time"

// Namespace is the XML namespace of CAP 1.2.
const Namespace = "urn:oasis:names:tc:emergency:cap:1.2"

// Profile is the code by which readers know what they can rely on beyond the
// standard.
const Profile = "profile:CHILD-ALERT:0.1"

// Message is one CAP message.
type Message struct {
	Identifier string
	Sender     string
	Sent       time.Time
	// Status is Actual, Exercise, System, Test or Draft.
	Status string
	// MsgType is Alert, Update, Cancel, Ack or Error.
	MsgType string
	Source  string
	// Scope is Public, Restricted (then Restriction says how) or Private (then
	// Addresses says to whom).
	Scope       string
	Restriction string
	Addresses   string
	Codes       []string
	Note        string
	References  []Reference
	Incidents   string
	Infos       []Info
}

// Reference names another message: all three together are its identity.
type Reference struct {
	Sender, Identifier string
	Sent               time.Time
}

// Info is the content in one language.
type Info struct {
	Language      string
	Categories    []string
	Event         string
	ResponseTypes []string
	Urgency       string
	Severity      string
	Certainty     string
	Audience      string
	EventCodes    []Value
	Effective     time.Time
	Onset         time.Time
	Expires       time.Time
	SenderName    string
	Headline      string
	Description   string
	Instruction   string
	Web           string
	Contact       string
	Parameters    []Value
	Resources     []Resource
	Areas         []Area
}

// Value is a name and a value of a system of codes.
type Value struct{ Name, Value string }

// Resource is a file beside the message, named by its address. Photos are never
// embedded: an embedded copy cannot be called back.
type Resource struct {
	Description string
	MIMEType    string
	Size        int64 // bytes, 0 when not said
	URI         string
	Digest      string
}

// Area is where a message applies: the union of its parts.
type Area struct {
	Description string
	// Polygons are closed rings of [longitude, latitude].
	Polygons [][][2]float64
	Circles  []Circle
	Geocodes []Value
	Altitude string
	Ceiling  string
}

// Circle is a circle around [longitude, latitude] with a radius in metres.
type Circle struct {
	Center  [2]float64
	RadiusM float64
}
