package web

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// alertFields are what the editor posts for a partners' alert for Serbia.
func alertFields(s *testServer, more ...string) []string {
	ends := s.now().Add(48 * time.Hour).In(s.zone())
	return append([]string{
		"level", "partner", "severity", "severe", "expires_at.date", ends.Format(time.DateOnly), "expires_at.time", ends.Format("15:04"),
		"area.regions", "RS", "texts.en.headline", "Have you seen Ana?", "texts.en.description", "Red jacket.",
		"texts.sr-Latn.headline", "Traži se Ana", "texts.sr-Latn.description", "Crvena jakna.",
	}, more...)
}

// locationOf is where a form led to, without what follows a question mark or #.
func locationOf(r reply) string { return r.want(303).header.Get("Location") }

// hidden finds the value of a hidden field of a page.
func hidden(r reply, name string) string {
	r.t.Helper()
	m := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindSubmatch(r.body)
	if m == nil {
		r.t.Fatalf("%s has no field %s", r.what, name)
	}
	return string(m[1])
}

// drafted writes an alert through the forms and returns its page's address.
func drafted(s *testServer, author client, more ...string) string {
	s.t.Helper()
	id := author.post("/cases", aCase(s)).want(201).text("id")
	return locationOf(author.form("/desk/cases/"+id+"/alerts/new", alertFields(s, more...)...))
}

func TestAnAlertIsWrittenReleasedAndWithdrawnWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	partner := s.as(alerts.RolePartner)
	page := drafted(s, author, "idempotency_key", "d1")
	own := author.send("GET", page, nil).want(200).has("Draft: nothing has gone out yet", "Another person must release it", "1 partner", "covers Serbia").lacks("Release exactly this")
	hash := regexp.MustCompile(`name="content_hash" value="([0-9a-f]{64})"`).FindSubmatch(own.body)
	if hash == nil {
		t.Fatal("the page of the draft does not name its content")
	}
	author.form(page+"/release", "content_hash", string(hash[1])).want(403)
	seen := duty.send("GET", page, nil).want(200).has("Release exactly this")
	duty.form(page+"/release", "content_hash", strings.Repeat("0", 64)).want(409).has("Nothing was done")
	locationOf(duty.form(page+"/release", "content_hash", hidden(seen, "content_hash"), "idempotency_key", "r1"))
	author.send("GET", page, nil).want(200).has("Who has it, and what they do", "Waiting", "Not connected since: call them")

	id := strings.TrimPrefix(page, "/desk/alerts/")
	partner.send("GET", "/partner/alerts/"+id, nil).want(200).has("Have you seen Ana?")
	locationOf(partner.form("/partner/alerts/"+id+"/answer", "answer", "question", "reason", "Which bus line?", "revision", "1"))
	author.send("GET", page, nil).want(200).has("They ask", "Which bus line?")

	locationOf(author.form(page+"/cancel", "reason", "found at her aunt's"))
	author.send("GET", page, nil).want(200).has("found at her aunt", "Removal not confirmed", "have not confirmed the removal").lacks("Withdraw now")
	partner.send("GET", "/partner", nil).want(200).lacks("Have you seen Ana?", "aunt")
	locationOf(partner.form("/partner/alerts/" + id + "/removed"))
	author.send("GET", page, nil).want(200).has("Copies removed").lacks("Removal not confirmed")
}

func TestTheEditorKeepsWhatWasTypedAndNamesEveryFault(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author := s.as(alerts.RoleCoordinator)
	id := author.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/cases/" + id + "/alerts/new"
	author.send("GET", at, nil).want(200).has(`name="area.circles" value="[{&#34;center&#34;`)
	author.form(at, "level", "public_appeal", "severity", "severe", "texts.en.headline", "Only a headline").want(422).
		has("Only a headline", `href="#f-decision_id"`, `href="#f-expires_at"`, `href="#f-area"`, `href="#f-texts.en.description"`)
	author.form(at, append(alertFields(s), "area.areas", "no list")...).want(422).has(`href="#f-area.areas"`, "Crvena jakna.")
	author.form(at, append(alertFields(s), "act", "to_cyrillic")...).want(200).has("Тражи се Ана", "Црвена јакна.")
	author.form(at, append(alertFields(s), "act", "add_language", "add_language", "hu")...).want(200).has(`name="texts.hu.headline"`, "Crvena jakna.")
	s.as(alerts.RolePoliceLiaison).send("GET", at, nil).want(403)
}

func TestAnEmergencyReleaseAsksForItsReasonAndForAReview(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	page := drafted(s, author)
	hash := hidden(author.send("GET", page, nil).want(200), "content_hash")
	author.form(page+"/release", "content_hash", hash, "alone", "yes").want(422).has(`href="#f-emergency.reason"`)
	locationOf(author.form(page+"/release", "content_hash", hash, "alone", "yes", "emergency.reason", "The child is in the river."))
	author.send("GET", page, nil).want(200).has("One person released this alone", "another person must review").lacks("I have reviewed it")
	duty.send("GET", page, nil).want(200).has("in the river", "I have reviewed it")
	locationOf(duty.form(page + "/review"))
	duty.send("GET", page, nil).want(200).lacks("One person released this alone")
}

func TestPartnersSeeNoPageOfTheDesk(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	page := drafted(s, s.as(alerts.RoleCoordinator))
	partner := s.as(alerts.RolePartner)
	for _, r := range s.alertingRoutes() {
		if r.method == "GET" && r.path != "/team" { // a search team has a code and no account
			partner.send("GET", strings.ReplaceAll(r.path, ":id", "x"), nil).want(403)
		}
	}
	partner.send("GET", page, nil).want(403)
	partner.form(page + "/cancel").want(403)
	s.as(alerts.RoleCoordinator).send("GET", "/partner", nil).want(403)
}

func TestAPartnerIsEnteredApprovedKeyedAndSuspended(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	ana.form("/desk/partners/new", "name", "", "languages", "hu").want(422).has(`href="#f-name"`, `href="#f-coverage"`, `value="hu" checked`)
	until := s.now().Add(90 * 24 * time.Hour).Format(time.DateOnly)
	page := locationOf(ana.form("/desk/partners/new", "name", "Radio Primer", "coverage.regions", "RS", "languages", "sr-Latn",
		"agreement.reference", "A-1", "agreement.valid_until", until, "people.name", "Pera Perić", "people.phone", "+381 11 000 0011"))
	ana.send("GET", page, nil).want(200).has("Waiting for approval", "You entered it", "Pera Perić")
	ana.form(page + "/approve").want(403)
	locationOf(duty.form(page + "/approve"))
	made := duty.form(page+"/keys", "name", "desk machine", "idempotency_key", "k1").want(200).has("hwp_")
	token := regexp.MustCompile(`hwp_[a-z0-9]+`).Find(made.body)
	duty.form(page+"/keys", "name", "desk machine", "idempotency_key", "k1").want(200).has(string(token))
	duty.send("GET", page, nil).want(200).has("desk machine").lacks("hwp_")
	edit := ana.send("GET", page+"/edit", nil).want(200)
	old := hidden(edit, "version")
	fields := []string{"name", "Radio Primer 2", "coverage.regions", "RS", "agreement.reference", "A-1", "agreement.valid_until", until}
	locationOf(ana.form(page+"/edit", append(fields, "version", old)...))
	ana.form(page+"/edit", append(fields, "version", old)...).want(412).has("Nothing was saved")
	locationOf(ana.form(page + "/suspend"))
	ana.send("GET", page, nil).want(200).has("Suspended")
}

func TestAnAccountIsInvitedAndDisabled(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	admin := s.as(alerts.RoleAdministrator)
	admin.form("/desk/accounts/new", "kind", "person", "name", "Mira").want(422).has(`href="#f-email"`, `href="#f-role"`, `value="Mira"`)
	r := admin.form("/desk/accounts/new", "kind", "person", "name", "Mira", "email", "mira@example.org", "role", "operator", "idempotency_key", "a1").
		want(200).has("/invitation#")
	page := regexp.MustCompile(`/desk/accounts/[a-z0-9]{26}`).Find(r.body)
	admin.send("GET", string(page), nil).want(200).has("Invited").lacks("/invitation#")
	admin.form(string(page)+"/invite", "idempotency_key", "i1").want(200).has("/invitation#")
	locationOf(admin.form(string(page) + "/disable"))
	admin.send("GET", string(page), nil).want(200).has("Disabled")
	s.as(alerts.RoleCoordinator).send("GET", "/desk/accounts", nil).want(403)
}

// Names sort in the order of the Serbian alphabet, with foreign letters where
// English has them and foreign marks left out of account.
func TestNamesAreInAlphabeticalOrder(t *testing.T) {
	t.Parallel()
	for _, want := range [][]string{
		{"Åland", "Česko", "Haiti", "Peru", "Qatar", "Réunion", "Sweden", "Uganda", "Wales", "Yemen", "Zambia"},
		{"Čad", "Ćuprija", "Danska", "Đibuti", "Singapur", "Španija", "Zambija", "Žabalj"},
		{"Гана", "Данска", "Ђибути", "Чад", "Шпанија"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, func(x, y string) int { return slices.Compare(alphabetical(x), alphabetical(y)) })
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}
