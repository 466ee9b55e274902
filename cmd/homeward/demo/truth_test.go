package demo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/journal"
)

// documents returns every document of the installation as it is kept.
func (c *country) documents(t *testing.T) []journal.Document {
	t.Helper()
	var out []journal.Document
	for _, one := range c.cases() {
		out = append(out, one)
		for _, id := range c.Board.SightingsOf(one.ID) {
			out = append(out, must(c.Journal.Document(t.Context(), journal.Key{Collection: "sightings", ID: id}))(t))
		}
		for _, id := range c.Board.ContactsOf(one.ID) {
			out = append(out, must(c.Journal.Document(t.Context(), journal.Key{Collection: "contacts", ID: id}))(t))
		}
		for _, m := range c.PartnerBoard().MattersOf(one.ID) {
			out = append(out, m)
		}
	}
	for _, s := range c.sightings(t) {
		if s.CaseID == "" {
			out = append(out, must(c.Journal.Document(t.Context(), journal.Key{Collection: "sightings", ID: s.ID}))(t))
		}
	}
	for _, al := range c.alerts() {
		out = append(out, al)
	}
	for _, p := range c.PartnerBoard().Partners() {
		out = append(out, p)
	}
	for _, i := range c.PartnerBoard().Institutions() {
		out = append(out, i)
	}
	for _, i := range c.PartnerBoard().AllInquiries() {
		out = append(out, i)
	}
	for _, a := range c.Board.Accounts() {
		out = append(out, a)
	}
	return out
}

func (c *country) isInvented(t *testing.T) {
	var text bytes.Buffer
	for _, d := range c.documents(t) {
		if err := json.NewEncoder(&text).Encode(d); err != nil {
			t.Fatal(err)
		}
	}
	numbers := regexp.MustCompile(`\+\d{2,3} ?\d[\d /-]{5,}`).FindAllString(text.String(), -1)
	impossible := regexp.MustCompile(`^\+\d{2,3} \d{1,2} 000 00\d\d$`)
	for _, n := range numbers {
		if !impossible.MatchString(strings.TrimSpace(n)) {
			t.Fatalf("the number %q may be somebody's", n)
		}
	}
	addresses := regexp.MustCompile(`[\p{L}\d._-]+@[\w.-]+`).FindAllString(text.String(), -1)
	for _, a := range addresses {
		if !strings.HasSuffix(a, "@example.org") {
			t.Fatalf("the address %q may be somebody's", a)
		}
	}
	if links := regexp.MustCompile(`https?://[^"\s]+`).FindAllString(text.String(), -1); len(links) > 0 {
		t.Errorf("links lead to %v", links)
	}
	if len(numbers) < 500 || len(addresses) < 500 {
		t.Errorf("only %d numbers and %d addresses were found: the test looks in the wrong place", len(numbers), len(addresses))
	}
	for _, i := range c.PartnerBoard().Institutions() {
		if !i.Fictional {
			t.Errorf("institution %q is not marked as invented", i.Name)
		}
	}
}

// tale tells what a load has made, without what is random in every one.
func (c *country) tale(t *testing.T) []string {
	t.Helper()
	numbers := map[string]string{}
	var out []string
	for _, one := range c.cases() {
		name := fmt.Sprint(one.Children[0].Names)
		numbers[one.ID] = name
		out = append(out, fmt.Sprint("case ", name, one.State, one.Category, one.LastSeen.At, one.LastSeen.Place.Coordinates, one.CreatedAt, one.Children[0].BirthDate, len(one.Photos)))
	}
	for _, s := range c.sightings(t) {
		place := [2]float64{}
		if s.Place != nil {
			place = s.Place.Coordinates
		}
		grade := ""
		if s.Assessment != nil {
			grade = fmt.Sprint(s.Assessment.Source, s.Assessment.Information)
		}
		out = append(out, fmt.Sprint("sighting ", numbers[s.CaseID], s.State, s.ObservedAt, s.ReportedAt, place, s.Text, s.Channel, grade))
	}
	for _, al := range c.alerts() {
		rows := must(c.Deliveries(c.who(t, alerts.RoleDutyOfficer), al.ID))(t)
		for _, row := range rows {
			out = append(out, fmt.Sprint("delivery ", numbers[al.CaseID], row.PartnerName, row.Revision, row.State, row.Reason, row.Outcome))
		}
	}
	slices.Sort(out)
	return out
}

// sameTale compares two loads with the same clock.
func sameTale(t *testing.T, first, second *country) {
	a, b := first.tale(t), second.tale(t)
	if len(a) != len(b) {
		t.Fatalf("%d and %d lines", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("once\n %s\nthen\n %s", a[i], b[i])
		}
	}
}
