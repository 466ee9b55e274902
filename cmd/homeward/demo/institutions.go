package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// offices is the directory: ids of institutions by name.
type offices map[string]string

// enterInstitutions fills the directory. Some entries were checked long ago, or
// never: they are stale.
func (t *teller) enterInstitutions(ctx context.Context) error {
	rows, err := read("institutions.csv")
	if err != nil {
		return err
	}
	t.offices = offices{}
	ids := make([]string, len(rows))
	err = together(len(rows), func(i int) error {
		in, err := t.institution(i, rows[i])
		if err != nil {
			return fmt.Errorf("institution %q: %w", rows[i][0], err)
		}
		made, err := t.Desk.CreateInstitution(ctx, t.staff.jelena, in, alerts.Request{})
		ids[i] = made.ID
		return err
	})
	if err != nil {
		return err
	}
	for i, row := range rows {
		t.offices[row[0]] = ids[i]
		ago, err := span(row[6])
		if err != nil {
			return err
		}
		if ago > 0 && ago < past {
			t.verify(t.now.Add(-ago), row[0], ids[i])
		}
	}
	return nil
}

// prefix is how telephone numbers of a country begin, with the area of its
// capital.
func prefix(country string) string {
	return map[string]string{
		"RS": "+381 11", "HR": "+385 1", "BA": "+387 33", "ME": "+382 20", "MK": "+389 2",
		"HU": "+36 1", "RO": "+40 21", "BG": "+359 2", "AT": "+43 1", "DE": "+49 30",
	}[country]
}

// zone is the time zone of a country's capital.
func zone(country string) string {
	return map[string]string{
		"RS": "Europe/Belgrade", "HR": "Europe/Zagreb", "BA": "Europe/Sarajevo", "ME": "Europe/Podgorica", "MK": "Europe/Skopje",
		"HU": "Europe/Budapest", "RO": "Europe/Bucharest", "BG": "Europe/Sofia", "AT": "Europe/Vienna", "DE": "Europe/Berlin",
	}[country]
}

// area is the town that an institution's name ends with.
func area(name string) string {
	for _, town := range []string{"Primerovac", "Uzorište", "Izmišljin Grad", "Papirna Varoš"} {
		if strings.HasSuffix(name, town) {
			return town
		}
	}
	return ""
}

func secure(is bool) *bool { return &is }

func (t *teller) institution(i int, row []string) (partners.NewInstitution, error) {
	in := partners.NewInstitution{
		Name: row[0], Kind: row[1], Country: row[2], Roles: list(row[3], ","), Languages: list(row[4], ","), Hours: row[5],
		Source: "Invented for the demonstration.", Fictional: true,
		TimeZone: zone(row[2]), Area: area(row[0]),
		Channels: []partners.Channel{
			{Kind: "phone", Value: phone(prefix(row[2]), i), Secure: secure(false)},
			{Kind: "email", Value: fmt.Sprintf("office%02d@example.org", i+1)},
		},
	}
	if i%4 == 0 {
		in.People = []partners.InstitutionPerson{{Name: "Službenica Ogledna", Function: "head of the registry", Channels: []partners.Reach{{Kind: "phone", Value: phone(prefix(row[2]), i+1)}}}}
	}
	ago, err := span(row[6])
	if ago >= past {
		in.VerifiedAt = t.now.Add(-ago)
	}
	return in, err
}

func (t *teller) verify(at time.Time, name, id string) {
	t.add(at, "institution "+name, func(ctx context.Context) error {
		now, ok := t.Desk.PartnerBoard().Institution(id)
		if !ok {
			return fmt.Errorf("institution %q has gone", name)
		}
		patch := partners.InstitutionPatch{VerifiedAt: alerts.Some(at)}
		_, err := t.Desk.PatchInstitution(ctx, t.staff.jelena, id, now.Version, patch, alerts.Request{})
		return err
	})
}
