package cap

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// fixture is an alert with two revisions whose latitude and longitude differ a
// lot, so that swapped ones show.
func fixture() *alerts.Alert {
	sent := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	area := geo.Area{
		Regions: []string{"RS", "RS-00"},
		Areas:   []geo.Geometry{geo.Polygon([][2]float64{{20, 44}, {21, 44}, {21, 45}, {20, 44}})},
		Circles: []geo.Circle{{Center: [2]float64{20.46, 44.81}, RadiusM: 7500}},
	}
	revision := func(n int, level alerts.Level) alerts.Revision {
		return alerts.Revision{
			Number: n, Level: level, Severity: "severe", ExpiresAt: sent.Add(48 * time.Hour), Area: area, PhotoID: "photo",
			Identifier: alerts.CAPIdentifier("alert", n), Sent: sent.Add(time.Duration(n) * time.Hour),
			Texts: []alerts.Text{
				{Language: "en", Headline: "Missing: <Canary & co>", Description: "Blue jacket\nred cap"},
				{Language: "sr-Cyrl", Headline: "Нестала Канарка", Description: "Плава јакна", Instruction: "Зовите 116 000"},
			},
		}
	}
	return &alerts.Alert{
		CaseNumber: "AB23CD45", State: alerts.AlertLive, Sender: "alerts.example.org",
		Revisions: []alerts.Revision{revision(1, alerts.LevelPartner), revision(2, alerts.LevelPublicAppeal)},
	}
}

var options = Options{
	SenderName: "Example hotline", Contact: "+381 11 000 0011", Page: "https://alerts.example.org/appeals/x",
	Photo: "https://alerts.example.org/appeals/x/photo", PhotoType: "image/jpeg",
}

func written(t *testing.T) map[string][]byte {
	t.Helper()
	al := fixture()
	out := map[string][]byte{}
	for i := range al.Revisions {
		m, err := Of(al, &al.Revisions[i], options)
		out[m.MsgType] = write(t, m, err)
	}
	al.Ending = &alerts.Ending{State: alerts.AlertCancelled, At: al.Revisions[1].Sent.Add(time.Hour), Identifier: alerts.CAPCancelIdentifier("alert")}
	e, ok := EndingOf(al)
	if !ok {
		t.Fatal("no ending")
	}
	m, err := CancelOf(e, options)
	out["Cancel"] = write(t, m, err)
	m, err = CancelOf(Ending{Sender: e.Sender, Identifier: e.Identifier, Sent: e.Sent, References: e.References, Restricted: true}, Options{Exercise: "demo"})
	out["Cancel of an erased alert"] = write(t, m, err)
	return out
}

func write(t *testing.T, m Message, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	data, err := Write(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWrittenMessages(t *testing.T) {
	t.Parallel()
	all := written(t)
	for name, wants := range map[string][]string{
		"Alert": {
			"<scope>Restricted</scope><restriction>For the addressed organisations only.", "<sent>2031-03-05T11:00:00-00:00</sent>",
			"<polygon>44,20 44,21 45,21 44,20</polygon>", "<circle>44.81,20.46 7.5</circle>", "<incidents>AB23CD45</incidents>",
			"<valueName>ISO3166-1</valueName><value>RS</value>", "<valueName>ISO3166-2</valueName><value>RS-00</value>",
			"<code>" + Profile + "</code>", "Missing: &lt;Canary &amp; co&gt;", "<language>sr-Cyrl</language>", "<event>Нестало дете</event>",
		},
		"Update": {
			"<scope>Public</scope><code>", "<references>alerts.example.org,alert.1,2031-03-05T11:00:00-00:00</references>",
			"<uri>https://alerts.example.org/appeals/x/photo</uri>", "<expires>2031-03-07T10:00:00-00:00</expires>",
		},
		"Cancel": {
			"<references>alerts.example.org,alert.1,2031-03-05T11:00:00-00:00 alerts.example.org,alert.2,2031-03-05T12:00:00-00:00</references>",
			"<responseType>AllClear</responseType>", "The search has ended", "Потрага је завршена",
		},
		"Cancel of an erased alert": {"<status>Exercise</status>", "<note>demo</note>", "<scope>Restricted</scope>"},
	} {
		for _, want := range wants {
			if !strings.Contains(string(all[name]), want) {
				t.Errorf("%s lacks %s:\n%s", name, want, all[name])
			}
		}
	}
	for _, name := range []string{"Cancel", "Cancel of an erased alert"} {
		for _, canary := range []string{"Canary", "Канарка", "photo", "jacket", "јакна", "polygon", "cancelled", "appeals"} {
			if strings.Contains(string(all[name]), canary) {
				t.Errorf("%s holds %q:\n%s", name, canary, all[name])
			}
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	for name, data := range written(t) {
		m, err := Read(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := Write(m)
		if err != nil || string(again) != string(data) {
			t.Errorf("%s: written again: %v\n%s\n%s", name, err, data, again)
		}
		if name == "Update" && !reflect.DeepEqual(m.Infos[0].Areas[0].Polygons[0][1], [2]float64{21, 44}) {
			t.Errorf("a position came back as %v", m.Infos[0].Areas[0].Polygons[0][1])
		}
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	schema := os.Getenv("HOMEWARD_CAP_XSD")
	if schema == "" {
		t.Log("HOMEWARD_CAP_XSD does not name the schema: only our own checks ran")
		return
	}
	for name, data := range written(t) {
		path := filepath.Join(t.TempDir(), "message.xml")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", schema, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", name, err, out, data)
		}
	}
}

func TestInternalAlertsDoNotLeave(t *testing.T) {
	t.Parallel()
	al := fixture()
	al.Revisions[0].Level = alerts.LevelInternal
	if _, err := Of(al, &al.Revisions[0], options); err == nil {
		t.Fatal("an internal alert was written")
	}
	unreleased := al.Revisions[1]
	unreleased.Identifier = ""
	if _, err := Of(al, &unreleased, options); err == nil {
		t.Fatal("a draft was written")
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2031, 7, 1, 12, 0, 0, 999, time.UTC)
	if got := Time(at); got != "2031-07-01T12:00:00-00:00" {
		t.Errorf("UTC is %s", got)
	}
	if got := Time(at.In(time.FixedZone("", 7200))); got != "2031-07-01T14:00:00+02:00" {
		t.Errorf("summer in Beograd is %s", got)
	}
}

// minimal is a message that the reader takes; tests break it in one place.
const minimal = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a1</identifier><sender>s</sender><sent>2031-03-05T10:00:00+01:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Rescue</category><event>e</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty><area><areaDesc>d</areaDesc><polygon>44,20 44,21 45,21 44,20</polygon></area></info></alert>
`

// refusals are breaks of minimal by name: what is replaced by what.
func refusals() map[string][2]string {
	deep := strings.Repeat("<info>", 40)
	return map[string][2]string{
		"no namespace":             {` xmlns="urn:oasis:names:tc:emergency:cap:1.2"`, ``},
		"older namespace":          {`cap:1.2`, `cap:1.1`},
		"mixed namespaces":         {`<sender>`, `<sender xmlns="urn:x">`},
		"foreign element":          {`</alert>`, `<x:y xmlns:x="urn:x"/></alert>`},
		"signature":                {`</alert>`, `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>`},
		"doctype":                  {`<alert `, `<!DOCTYPE alert><alert `},
		"entity":                   {`<alert `, `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><alert `},
		"unknown entity":           {`<event>e`, `<event>&x;`},
		"stylesheet":               {`<alert `, `<?xml-stylesheet href="x"?><alert `},
		"late declaration":         {`<identifier>`, `<?xml version="1.0"?><identifier>`},
		"second root":              {"</alert>\n", "</alert><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"/>"},
		"text after":               {"</alert>\n", "</alert>x"},
		"text before":              {`<alert `, `x<alert `},
		"text between":             {`<sender>`, `x<sender>`},
		"duplicate identifier":     {`<sender>`, `<identifier>a2</identifier><sender>`},
		"duplicate late":           {`<scope>`, `<identifier>a2</identifier><scope>`},
		"order":                    {`<identifier>a1</identifier><sender>s</sender>`, `<sender>s</sender><identifier>a1</identifier>`},
		"missing sender":           {`<sender>s</sender>`, ``},
		"empty identifier":         {`a1`, ``},
		"space in identifier":      {`a1`, `a 1`},
		"comma in identifier":      {`a1`, `a,1`},
		"comma in sender":          {`<sender>s`, `<sender>s,t`},
		"attribute":                {`<sender>`, `<sender id="1">`},
		"attribute of alert":       {`<alert `, `<alert version="1" `},
		"elements in a leaf":       {`<event>e`, `<event><b/>e`},
		"comment in a text":        {`<identifier>a1`, `<identifier>a<!-- -->1`},
		"unknown element":          {`<scope>`, `<scoop>x</scoop><scope>`},
		"unknown status":           {`Actual`, `actual`},
		"unknown type":             {`>Alert<`, `>Note<`},
		"unknown scope":            {`>Public<`, `>World<`},
		"unknown category":         {`Rescue`, `Child`},
		"unknown urgency":          {`Immediate`, `Now`},
		"unknown severity":         {`Severe`, `Bad`},
		"unknown certainty":        {`Likely`, `Very Likely`},
		"no category":              {`<category>Rescue</category>`, ``},
		"time with Z":              {`10:00:00+01:00`, `10:00:00Z`},
		"time with fractions":      {`10:00:00+01:00`, `10:00:00.5+01:00`},
		"time without offset":      {`10:00:00+01:00`, `10:00:00`},
		"no such day":              {`2031-03-05`, `2031-02-30`},
		"restriction on public":    {`</scope>`, `</scope><restriction>r</restriction>`},
		"restricted without":       {`>Public<`, `>Restricted<`},
		"private without":          {`>Public<`, `>Private<`},
		"update without reference": {`>Alert<`, `>Update<`},
		"bad reference":            {`</scope>`, `</scope><references>a,b</references>`},
		"reference without time":   {`</scope>`, `</scope><references>a,b,c</references>`},
		"open polygon":             {` 44,20</polygon>`, ` 44,22</polygon>`},
		"three positions":          {` 45,21 44,20</polygon>`, ` 44,20</polygon>`},
		"off the Earth":            {`44,21`, `144,21`},
		"exponent":                 {`44,21`, `4e1,21`},
		"not a number":             {`44,21`, `NaN,21`},
		"circle without radius":    {`</polygon>`, `</polygon><circle>44,20</circle>`},
		"negative radius":          {`</polygon>`, `</polygon><circle>44,20 -1</circle>`},
		"ceiling alone":            {`</polygon>`, `</polygon><ceiling>1</ceiling>`},
		"area without name":        {`<areaDesc>d</areaDesc>`, ``},
		"relative web":             {`<area>`, `<web>/x</web><area>`},
		"resource without type":    {`<area>`, `<resource><resourceDesc>d</resourceDesc></resource><area>`},
		"embedded file":            {`<area>`, `<resource><resourceDesc>d</resourceDesc><mimeType>a/b</mimeType><derefUri>AA==</derefUri></resource><area>`},
		"negative size":            {`<area>`, `<resource><resourceDesc>d</resourceDesc><mimeType>a/b</mimeType><size>-1</size></resource><area>`},
		"expired when sent":        {`<area>`, `<expires>2031-03-05T09:00:00+01:00</expires><area>`},
		"value without name":       {`<area>`, `<parameter><value>v</value></parameter><area>`},
		"deep":                     {`<info>`, deep},
		"cut short":                {`</info></alert>`, ``},
		"other encoding":           {`UTF-8`, `ISO-8859-2`},
		"not UTF-8":                {`<event>e`, "<event>\xff"},
		"huge":                     {`<event>e`, `<event>` + strings.Repeat("e", MaxBytes)},
		"huge attribute":           {`<event>e`, `<event a="` + strings.Repeat("e", MaxBytes-2000) + `">e`},
		"many elements":            {`<area>`, strings.Repeat(`<parameter><valueName/><value/></parameter>`, 5900) + `<area>`},
		"other root":               {`alert`, `alarm`},
	}
}

func TestReaderIsStrict(t *testing.T) {
	t.Parallel()
	if _, err := Read([]byte(minimal)); err != nil {
		t.Fatal(err)
	}
	breaks := refusals()
	if len(breaks) < 40 {
		t.Fatalf("only %d files", len(breaks))
	}
	for name, b := range breaks {
		data := strings.ReplaceAll(minimal, b[0], b[1])
		if data == minimal {
			t.Errorf("%s changes nothing", name)
		}
		m, err := Read([]byte(data))
		if err == nil || !errors.Is(err, ErrInvalid) {
			t.Errorf("%s was read: %v", name, err)
		}
		if !reflect.DeepEqual(m, Message{}) {
			t.Errorf("%s: something of a refused message came back", name)
		}
	}
}

func TestNestedTagsFailFast(t *testing.T) {
	t.Parallel()
	data := strings.Repeat("<a>", 2_000_000)
	if _, err := Read([]byte(data)); !errors.Is(err, ErrInvalid) {
		t.Fatal(err)
	}
	if _, err := Read([]byte(data[:MaxBytes])); !errors.Is(err, ErrInvalid) {
		t.Fatal(err)
	}
}

func TestWriterRefusesWhatOurProfileForbids(t *testing.T) {
	t.Parallel()
	al := fixture()
	for name, spoil := range map[string]func(*Message){
		"no expiry":      func(m *Message) { m.Infos[0].Expires = time.Time{} },
		"no area":        func(m *Message) { m.Infos[0].Areas = nil },
		"no language":    func(m *Message) { m.Infos[0].Language = "" },
		"no info":        func(m *Message) { m.Infos = nil },
		"bad sender":     func(m *Message) { m.Sender = "a b" },
		"no restriction": func(m *Message) { m.Restriction = "" },
		"relative page":  func(m *Message) { m.Infos[0].Web = "/x" },
	} {
		m, err := Of(al, &al.Revisions[0], options)
		if err != nil {
			t.Fatal(err)
		}
		m.Infos = slices.Clone(m.Infos)
		spoil(&m)
		if _, err := Write(m); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRead holds whatever is read against the writer: what is taken means the
// same when it is written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(minimal))
	for _, b := range refusals() {
		if len(b[1]) < 2000 {
			f.Add([]byte(strings.ReplaceAll(minimal, b[0], b[1])))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(data)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		out, err := Write(m)
		if err != nil {
			return // allowed by the standard, not by our profile
		}
		again, err := Read(out)
		if err != nil {
			t.Fatalf("not read again: %v\n%s", err, out)
		}
		second, err := Write(again)
		if err != nil || string(second) != string(out) {
			t.Fatalf("written differently: %v\n%s\n%s", err, out, second)
		}
	})
}
