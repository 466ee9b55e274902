package partners_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

func TestInstitutionDirectory(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	in := partners.NewInstitution{
		Name: "Ministarstvo primera", Kind: "central_authority", Country: "RS", Roles: []string{"hague1980"}, Languages: []string{"sr-Latn", "en"},
		Hours: "Mon-Fri 8-16", Channels: []partners.Channel{{Kind: "phone", Value: "+381 11 000 0001"}}, VerifiedAt: at(t, "2026-11-20 10:00"),
	}
	i, err := o.CreateInstitution(ctx, operator(), in, alerts.Request{})
	if err != nil || i.Freshness != partners.Verified || i.Version != 1 {
		t.Fatalf("%v %+v", err, i)
	}
	other, err := o.CreateInstitution(ctx, operator(), partners.NewInstitution{Name: "Example Court", Kind: "court", Country: "DE"}, alerts.Request{})
	if err != nil || other.Freshness != partners.ToBeVerified || other.VerifiedAt != nil {
		t.Fatalf("%v %+v", err, other)
	}
	for _, c := range []struct {
		f    partners.InstitutionFilter
		want string
	}{
		{partners.InstitutionFilter{}, "Example Court, Ministarstvo primera"},
		{partners.InstitutionFilter{Kind: "court"}, "Example Court"},
		{partners.InstitutionFilter{Country: "RS"}, "Ministarstvo primera"},
		{partners.InstitutionFilter{Role: "hague1980"}, "Ministarstvo primera"},
		{partners.InstitutionFilter{Role: "hague1996"}, ""},
		{partners.InstitutionFilter{Text: "МИНИСТАРСТВО"}, "Ministarstvo primera"},
		{partners.InstitutionFilter{Text: "court exam"}, "Example Court"},
		{partners.InstitutionFilter{Freshness: partners.ToBeVerified}, "Example Court"},
	} {
		if got := o.names(c.f); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
	page, err := o.Institutions(ctx, operator(), partners.InstitutionFilter{Limit: 1})
	if err != nil || len(page.Items) != 1 || page.Next == nil {
		t.Fatalf("%v %+v", err, page)
	}
	if got := o.names(partners.InstitutionFilter{Limit: 1, Cursor: *page.Next}); got != "Ministarstvo primera" {
		t.Errorf("the second page is %q", got)
	}

	// Six months later it is stale; a check makes it fresh again.
	o.to("2027-05-20 23:00")
	if got, err := o.Institution(ctx, operator(), i.ID); err != nil || got.Freshness != partners.Verified {
		t.Errorf("%v %+v", err, got)
	}
	o.to("2027-05-21 00:00")
	if got, err := o.Institution(ctx, operator(), i.ID); err != nil || got.Freshness != partners.StaleEntry {
		t.Errorf("%v %+v", err, got)
	}
	patch := partners.InstitutionPatch{VerifiedAt: alerts.Some(o.clock()), Hours: alerts.Some("")}
	_, err = o.PatchInstitution(ctx, operator(), i.ID, 0, patch, alerts.Request{})
	wantCode(t, err, alerts.NeedsVersion)
	_, err = o.PatchInstitution(ctx, operator(), i.ID, 7, patch, alerts.Request{})
	wantCode(t, err, alerts.Stale)
	_, err = o.PatchInstitution(ctx, operator(), "none", 1, patch, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	got, err := o.PatchInstitution(ctx, operator(), i.ID, 1, patch, alerts.Request{})
	if err != nil || got.Freshness != partners.Verified || got.Hours != "" || got.Version != 2 || got.Name != in.Name {
		t.Errorf("%v %+v", err, got)
	}

	_, err = o.Institution(ctx, alerts.Public(), i.ID)
	wantCode(t, err, alerts.NotFound)
	_, err = o.Institutions(ctx, alerts.Public(), partners.InstitutionFilter{})
	wantCode(t, err, alerts.Forbidden)
	_, err = o.CreateInstitution(ctx, alerts.Public(), in, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
}

func (o *office) names(f partners.InstitutionFilter) string {
	o.t.Helper()
	page, err := o.Institutions(o.t.Context(), operator(), f)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, i := range page.Items {
		out = append(out, i.Name)
	}
	return strings.Join(out, ", ")
}

func TestInstitutionRefusals(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.CreateInstitution(context.Background(), operator(), partners.NewInstitution{
		Name: "two\nlines", Kind: "shop", Country: "rs", Roles: []string{"Hague 1980"}, Languages: []string{"not a language"},
		Channels: []partners.Channel{{Kind: "phone"}, {Kind: "", Value: "x", AsOf: "yesterday"}}, VerifiedAt: o.clock().Add(time.Hour),
	}, alerts.Request{})
	want := "name text; kind unknown_value; country country; roles[0] word; languages[0] language; channels[0].value required; " +
		"channels[1].kind required; channels[1].as_of date; verified_at future"
	if got := wrong(err); got != want {
		t.Errorf("wrong fields\n%s\nwant\n%s", got, want)
	}
}

// Every seeded entry can be entered, is not verified, and has a source; a phone
// number has its source and date.
func TestSeedInstitutions(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seeds, err := partners.SeedInstitutions()
	if err != nil || len(seeds) < 10 {
		t.Fatalf("%d seeds, %v", len(seeds), err)
	}
	for _, s := range seeds {
		got, err := o.CreateInstitution(context.Background(), operator(), s, alerts.Request{})
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if got.Freshness != partners.ToBeVerified || got.Source == "" || len(got.Roles) == 0 {
			t.Errorf("%+v", got)
		}
		for _, c := range got.Channels {
			if c.Source == "" || c.AsOf == "" {
				t.Errorf("%s: %+v has no source or date", s.Name, c)
			}
		}
	}
}
