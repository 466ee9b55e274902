package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
	"homeward/web"
)

// asked makes a case full of words that must not get out, and asks a shelter whose
// person on duty reads a language.
func (s *sorter) asked(t *testing.T, now time.Time, language string) partners.ReferralView {
	t.Helper()
	operator := &alerts.Account{Head: journal.Head{ID: "op"}, Kind: alerts.KindPerson, Role: alerts.RoleOperator, Name: "Zqoperator", Language: "en"}
	_, err := s.w.journal.Do(t.Context(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Documents: []journal.Document{
			operator,
			&partners.Partner{
				Head: journal.Head{ID: "shelter"}, Name: "Zqshelter", State: partners.PartnerApproved, Services: []string{"shelter"}, Coverage: geo.Area{Regions: []string{"RS"}},
				Agreement: partners.Agreement{Reference: "A-1", ValidUntil: now.AddDate(0, 1, 0)},
				People:    []partners.Person{{ID: "p1", Name: "Zqduty", Email: "duty@example.org", Languages: []string{language}}},
			},
			&alerts.Case{
				Head: journal.Head{ID: "case1"}, CaseNumber: "ZQ23CD45", State: alerts.StateActive, Circumstances: "Zqstory",
				Children: []alerts.Child{{ID: "child", Names: []alerts.Name{{Given: "Zqchild"}}, Home: "Zqhome"}}, LastSeen: alerts.LastSeen{Label: "Zqpark"},
			},
		}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.w.desk.OpenReferral(t.Context(), alerts.ActorOf(operator), "case1", partners.NewReferral{
		PartnerID: "shelter", Service: "shelter", Urgency: "today", Purpose: "Zqpurpose",
		Share: []partners.NewShare{{Class: alerts.P1, Reason: "Zqreason"}},
	}, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestMailAboutAReferralNamesNobody reads what leaves: urgency, country and a
// link, once at the beginning and once at half time. The control is the page that
// the link leads to, which holds the words.
func TestMailAboutAReferralNamesNobody(t *testing.T) {
	t.Parallel()
	for language, says := range map[string][]string{
		"en": {"Urgency: Today", "Country: Serbia"}, "sr-Latn": {"Hitnost: Danas", "Zemlja: Srbija"}, "sr-Cyrl": {"Хитност: Данас", "Земља: Србија"},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			clock, post := time.Date(2031, 3, 5, 9, 0, 0, 0, time.UTC), &pigeonhole{}
			s := newSorter(t, filepath.Join(t.TempDir(), "data"), t.TempDir(), func() time.Time { return clock }, post)
			s.w.senders.words = func(d partners.Dispatch) web.PartnerMail {
				return s.server.PartnerMail(d, "https://homeward.example.org")
			}
			r := s.asked(t, clock, language)
			for range 3 {
				if err := s.w.referralMailsNow(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			clock = clock.Add(6 * time.Hour)
			for range 3 {
				if err := s.w.referralMailsNow(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := post.messages()
			if len(got) != 2 || got[0].Text == got[1].Text || got[0].ID == got[1].ID {
				t.Fatalf("%+v", got)
			}
			for _, m := range got {
				whole := m.Subject + "\n" + m.Text + m.HTML
				if m.To != "duty@example.org" || m.Language != language || !strings.Contains(whole, "https://homeward.example.org/partner/referrals/"+r.ID+"\n") {
					t.Errorf("%+v", m)
				}
				for _, word := range says {
					if !strings.Contains(whole, word) {
						t.Errorf("%q is not in %s", word, whole)
					}
				}
				for _, word := range []string{"zq", "shelter", "sklonište", "склониште", r.Number, "mail."} {
					if strings.Contains(strings.ToLower(strings.ReplaceAll(whole, r.ID, "")), strings.ToLower(word)) {
						t.Errorf("%q got out in %s", word, whole)
					}
				}
			}
			page, err := s.w.desk.OwnReferral(t.Context(), alerts.Actor{ID: "iva", Kind: alerts.KindPerson, Role: alerts.RolePartner, Partner: "shelter"}, r.ID)
			b, _ := json.Marshal(page)
			if err != nil || !strings.Contains(string(b), "Zqchild") || !strings.Contains(string(b), "Zqpurpose") || !strings.Contains(string(b), "shelter") {
				t.Errorf("the page is %s, %v", b, err)
			}
		})
	}
}
