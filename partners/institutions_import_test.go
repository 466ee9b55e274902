package partners_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

func TestExportAndImport(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	made, err := o.CreateInstitution(ctx, operator(), partners.NewInstitution{
		Name: "Sud Primer", Kind: "court", Country: "RS", Area: "Primerovac", Hours: "8-15", TimeZone: "Europe/Belgrade", Channels: []partners.Channel{{Kind: "phone", Value: "+381 11 000 0001"}},
		People: []partners.InstitutionPerson{{Name: "Canary Clerk", Function: "clerk", Channels: []partners.Reach{{Kind: "email", Value: "clerk@example.org"}}}},
	}, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := o.ExportInstitutions(ctx, coordinator())
	if err != nil || !bytes.Contains(file, []byte("Canary Clerk | clerk | email: clerk@example.org")) {
		t.Fatalf("%v\n%s", err, file)
	}
	// What went out comes in unchanged.
	got, err := o.ImportInstitutions(ctx, coordinator(), file, true, alerts.Request{})
	if err != nil || got.Applied || got.Same != 1 || len(got.Wrong) > 0 {
		t.Errorf("%v %s", err, toJSON(t, got))
	}
	// The police liaison gets no people, and a file of theirs takes none away.
	theirs, err := o.ExportInstitutions(ctx, person("po", alerts.RolePoliceLiaison))
	if err != nil || bytes.Contains(theirs, []byte("Canary")) {
		t.Errorf("%v\n%s", err, theirs)
	}
	if got, err = o.ImportInstitutions(ctx, coordinator(), theirs, true, alerts.Request{}); err != nil || got.Same != 1 {
		t.Errorf("%v %s", err, toJSON(t, got))
	}
	edited := append(bytes.Replace(file, []byte("8-15"), []byte("9-16"), 1), []byte(",,Novi sud,court,RS,,,hague1980; return_decision,sr-Latn,,,phone | +381 11 000 0002 | no | card | 2026-01-02,,2026-11-20,,\r\n")...)
	look, err := o.ImportInstitutions(ctx, coordinator(), edited, false, alerts.Request{Key: bytes.Repeat([]byte{1}, 32)})
	if err != nil || look.Applied || look.New != 1 || look.Changed != 1 || toJSON(t, look.Rows[0].Columns) != `["hours"]` {
		t.Errorf("%v %s", err, toJSON(t, look))
	}
	if n := len(o.PartnerBoard().Institutions()); n != 1 {
		t.Errorf("a look leaves %d entries", n)
	}
	request := alerts.Request{Key: bytes.Repeat([]byte{2}, 32), Body: []byte("b")}
	for range 2 { // a repeat is answered and not done again
		if got, err = o.ImportInstitutions(ctx, coordinator(), edited, true, request); err != nil || !got.Applied {
			t.Fatalf("%v %s", err, toJSON(t, got))
		}
	}
	if n := o.names(partners.InstitutionFilter{Kind: "court"}); n != "Novi sud, Sud Primer" {
		t.Error(n)
	}
	v, err := o.Institution(ctx, coordinator(), made.ID)
	if err != nil || v.Hours != "9-16" || v.Version != 2 || v.People[0].Name != "Canary Clerk" {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
	// Once more it is stale, and the new row is there already.
	got, err = o.ImportInstitutions(ctx, coordinator(), edited, true, alerts.Request{})
	if err != nil || got.Applied || len(got.Wrong) != 2 || got.Wrong[0].Code != "stale" || got.Wrong[1].Code != "duplicate" {
		t.Errorf("%v %s", err, toJSON(t, got))
	}
	for _, a := range []alerts.Actor{lawyer(), alerts.Public(), person("po", alerts.RolePoliceLiaison)} {
		_, err := o.ImportInstitutions(ctx, a, edited, false, alerts.Request{})
		wantCode(t, err, alerts.Forbidden)
	}
	_, err = o.ExportInstitutions(ctx, alerts.Public())
	wantCode(t, err, alerts.Forbidden)
	records, _ := o.store.Reads(ctx, "node", 0, 100)
	if !bytes.Contains(bytes.Join(records, nil), []byte(`"actor":"co","role":"coordinator","subject":"institutions.csv","classes":["P10"]`)) {
		t.Errorf("the export is not on record: %s", bytes.Join(records, nil))
	}
}

// Every wrong cell is named, and nothing is half imported.
func TestImportNamesEveryWrongCell(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	file := `id,version,name,kind,country,regions,languages,time_zone,channels,people,verified_at,fictional
,,Good court,court,RS,,,,,,,
,,,shop,Serbia,,Klingon language,Mars/Base,phone | | perhaps,| x | no colon,sometime,perhaps
zzz,1,Nobody,court,RS,,,,,,,
,,Good court,court,RS,,,,,,,
`
	got, err := o.ImportInstitutions(ctx, coordinator(), []byte(file), true, alerts.Request{})
	if err != nil || got.Applied || len(o.PartnerBoard().Institutions()) != 0 {
		t.Fatalf("%v %s", err, toJSON(t, got))
	}
	var cells []string
	for _, w := range got.Wrong {
		cells = append(cells, strconv.Itoa(w.Line)+" "+w.Column+" "+w.Code)
	}
	all := "; " + strings.Join(cells, "; ") + "; "
	for _, want := range []string{"3 channels yes_or_no", "3 people parts", "3 verified_at date", "3 fictional yes_or_no", "3 name required", "3 kind unknown_value", "3 country country",
		"3 languages language", "3 time_zone time_zone", "3 channels required", "3 people required", "4 id unknown_institution", "5 name twice"} {
		if !strings.Contains(all, "; "+want+"; ") {
			t.Errorf("%s is not among %s", want, all)
		}
	}
	got, err = o.ImportInstitutions(ctx, coordinator(), []byte("name,phone\nx,1\n"), true, alerts.Request{})
	if err != nil || toJSON(t, got.Wrong) != `[{"line":1,"column":"country","code":"missing_column","message":"This column is needed."},{"line":1,"column":"kind","code":"missing_column","message":"This column is needed."},`+
		`{"line":1,"column":"phone","code":"unknown_column","message":"There is no such column."}]` {
		t.Errorf("%v %s", err, toJSON(t, got))
	}
	_, err = o.ImportInstitutions(ctx, coordinator(), []byte("\xff\xfe"), true, alerts.Request{})
	if got := wrong(err); got != "file table" {
		t.Error(got)
	}
}

func TestPeopleOfInstitutions(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	in := partners.NewInstitution{Name: "Sud Primer", Kind: "court", Country: "RS", People: []partners.InstitutionPerson{{Name: "Canary Clerk", Channels: []partners.Reach{{Kind: "phone", Value: "+381 11 000 0003"}}}}}
	i, err := o.CreateInstitution(ctx, operator(), in, alerts.Request{})
	if err != nil || len(i.People) != 1 {
		t.Fatalf("%v %s", err, toJSON(t, i))
	}
	for _, a := range []alerts.Actor{lawyer(), person("po", alerts.RolePoliceLiaison)} {
		v, err := o.Institution(ctx, a, i.ID)
		if err != nil || strings.Contains(toJSON(t, v), "Canary") {
			t.Errorf("%s: %v %s", a.Role, err, toJSON(t, v))
		}
	}
	list, err := o.Institutions(ctx, duty(), partners.InstitutionFilter{})
	if err != nil || strings.Contains(toJSON(t, list), "Canary") {
		t.Errorf("%v %s", err, toJSON(t, list))
	}
	if v, err := o.Institution(ctx, duty(), i.ID); err != nil || v.People[0].Name != "Canary Clerk" {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
	records, _ := o.store.Reads(ctx, "node", 0, 100)
	if !bytes.Contains(bytes.Join(records, nil), []byte(`"actor":"du","role":"duty_officer","subject":"institutions/`+i.ID+`","classes":["P10"]`)) {
		t.Errorf("the read is not on record: %s", bytes.Join(records, nil))
	}
	changes, _ := o.store.Changes(ctx, 0, 100)
	for _, c := range changes {
		for _, l := range c.Lines {
			if bytes.Contains(l.Image, []byte("Canary")) {
				t.Errorf("a name stands readable in %s", l.Key)
			}
		}
	}
	_, err = o.ForgetPeople(ctx, operator(), i.ID, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
	_, err = o.ForgetPeople(ctx, coordinator(), "none", alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	v, err := o.ForgetPeople(ctx, coordinator(), i.ID, alerts.Request{})
	if err != nil || len(v.People) != 0 || v.Version != 2 {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
	// Somebody new can be entered later, and a restart has them.
	if _, err := o.PatchInstitution(ctx, operator(), i.ID, 2, partners.InstitutionPatch{People: alerts.Some([]partners.InstitutionPerson{{Name: "New clerk"}})}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	if v, err = o.Institution(ctx, duty(), i.ID); err != nil || len(v.People) != 1 || v.People[0].Name != "New clerk" {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
}

func TestWorkListOfTheDirectory(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	enter := func(name string, verified time.Time) string {
		t.Helper()
		i, err := o.CreateInstitution(ctx, operator(), partners.NewInstitution{Name: name, Kind: "court", Country: "RS", VerifiedAt: verified}, alerts.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return i.ID
	}
	enter("Fresh", at(t, "2026-11-01 10:00"))
	old := enter("Old", at(t, "2026-01-01 10:00"))
	enter("Never", time.Time{})
	asked := enter("Asked", at(t, "2026-02-01 10:00"))
	if _, err := o.RecordEntry(ctx, coordinator(), partners.LogOfCase("case1"), partners.NewMatterContact{InstitutionID: asked, Direction: "out", Channel: "phone", At: at(t, "2026-11-01 10:00"), Request: "x", PromisedDate: "2026-11-30"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	names := func() string {
		t.Helper()
		list, err := o.InstitutionsToCheck(ctx, operator())
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, i := range list {
			out = append(out, i.Name+" "+strconv.Itoa(i.Waiting))
		}
		return strings.Join(out, ", ")
	}
	if got := names(); got != "Asked 1, Never 0, Old 0" {
		t.Error(got)
	}
	_, err := o.VerifyInstitution(ctx, operator(), old, 0, alerts.Request{})
	wantCode(t, err, alerts.NeedsVersion)
	_, err = o.VerifyInstitution(ctx, operator(), old, 9, alerts.Request{})
	wantCode(t, err, alerts.Stale)
	_, err = o.VerifyInstitution(ctx, lawyer(), old, 1, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
	v, err := o.VerifyInstitution(ctx, operator(), old, 1, alerts.Request{})
	if err != nil || v.Freshness != partners.Verified || v.VerifiedBy != "op" {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
	if got := names(); got != "Asked 1, Never 0" {
		t.Error(got)
	}
	_, err = o.InstitutionsToCheck(ctx, alerts.Public())
	wantCode(t, err, alerts.Forbidden)
}
