package cap

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/geo"
)

// national is a message of a made-up national system in two languages, with
// more in it than an alert here has a place for.
const national = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>N-7</identifier><sender>amber@police.example.org</sender><sent>2031-03-05T10:00:00+01:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><incidents>AB23CD45 other</incidents>
<info><language>sr-Latn</language><category>Rescue</category><event>Otmica deteta</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty><expires>2031-03-06T10:00:00+01:00</expires><description>Plava jakna</description><resource><resourceDesc>foto</resourceDesc><mimeType>image/jpeg</mimeType><uri>https://police.example.org/x.jpg</uri></resource><area><areaDesc>Srbija</areaDesc><polygon>44,20 44,21 45,21 44,20</polygon><circle>44.81,20.46 7.5</circle><geocode><valueName>ISO3166-1</valueName><value>RS</value></geocode><geocode><valueName>SAME</valueName><value>006037</value></geocode></area></info>
<info><language>en</language><category>Rescue</category><event>Child abduction</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Likely</certainty><headline>Missing boy</headline><instruction>Call 192</instruction><area><areaDesc>Serbia</areaDesc><polygon>44,20 44,21 45,21 44,20</polygon></area></info></alert>
`

func TestMirrorOf(t *testing.T) {
	t.Parallel()
	m, err := Read([]byte(national))
	if err != nil {
		t.Fatal(err)
	}
	got, err := MirrorOf(m, []string{"RS"}, geo.MustBuiltin())
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind != "Alert" || got.Sender != "amber@police.example.org" || got.Identifier != "N-7" || !slices.Equal(got.CaseNumbers, []string{"AB23CD45", "other"}) {
		t.Errorf("the identity is %+v", got.MirrorOf)
	}
	if got.Severity != "extreme" || got.ExpiresAt.Hour() != 9 {
		t.Errorf("severity %s, until %v", got.Severity, got.ExpiresAt)
	}
	want := map[string]alerts.DraftText{
		"sr-Latn": {Headline: "Otmica deteta", Description: "Plava jakna"},
		"en":      {Headline: "Missing boy", Description: "Missing boy", Instruction: "Call 192"},
	}
	for l, text := range want {
		if got.Texts[l] != text {
			t.Errorf("%s: %+v", l, got.Texts[l])
		}
	}
	if len(got.Area.Areas) != 1 || got.Area.Areas[0].Coordinates[0][0][1] != [2]float64{21, 44} || len(got.Area.Circles) != 1 || got.Area.Circles[0].RadiusM != 7500 || !slices.Equal(got.Area.Regions, []string{"RS"}) {
		t.Errorf("the area is %+v", got.Area)
	}
	if !slices.Equal(got.LeftOut, []string{"geocode", "resource"}) {
		t.Errorf("left out %v", got.LeftOut)
	}
}

func TestMirrorOfTheStandardsExample(t *testing.T) {
	t.Parallel()
	// As in the standard's own child abduction example: no polygon, no expiry, no
	// headline in a language of its own, only a code that means nothing here.
	bare := strings.NewReplacer("<polygon>44,20 44,21 45,21 44,20</polygon>", "", "<circle>44.81,20.46 7.5</circle>", "", "<expires>2031-03-06T10:00:00+01:00</expires>", "",
		"<geocode><valueName>ISO3166-1</valueName><value>RS</value></geocode>", "", "<language>sr-Latn</language>", "").Replace(national)
	m, err := Read([]byte(bare))
	if err != nil {
		t.Fatal(err)
	}
	got, err := MirrorOf(m, []string{"RS"}, geo.MustBuiltin())
	if err != nil || !slices.Equal(got.Area.Regions, []string{"RS"}) || !got.ExpiresAt.IsZero() || got.Texts["en-US"].Headline == "" {
		t.Errorf("%+v %v", got, err)
	}
	if !slices.Equal(got.LeftOut, []string{"area", "geocode", "resource"}) {
		t.Errorf("left out %v", got.LeftOut)
	}
}

func TestWhatIsNotMirrored(t *testing.T) {
	t.Parallel()
	for field, change := range map[string][2]string{
		"status":     {"Actual", "Exercise"},
		"scope":      {"<scope>Public</scope>", "<scope>Private</scope><addresses>a@example.org</addresses>"},
		"msgType":    {"<msgType>Alert</msgType><scope>Public</scope>", "<msgType>Ack</msgType><scope>Public</scope><references>a,b,2031-03-05T10:00:00+01:00</references>"},
		"references": {"<msgType>Alert</msgType><scope>Public</scope>", "<msgType>Update</msgType><scope>Public</scope><references>somebody@example.org,N-6,2031-03-05T10:00:00+01:00</references>"},
	} {
		m, err := Read([]byte(strings.Replace(national, change[0], change[1], 1)))
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		_, err = MirrorOf(m, nil, geo.MustBuiltin())
		var e *alerts.Error
		if !errors.As(err, &e) || !slices.ContainsFunc(e.Fields, func(f alerts.FieldError) bool { return f.Field == field }) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
