package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"homeward/alerts"
)

func (c client) newCaseForm(pairs ...string) reply {
	c.s.t.Helper()
	return c.form("/desk/cases/new", append([]string{
		"category", "runaway", "children.count", "1", "children[0].names[0].kind", "used", "children[0].birth_date", "2019-05",
	}, pairs...)...)
}

func TestKnownChildHoldsTheFormBack(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	typed := []string{"children[0].names[0].given", "Ђоле", "children[0].names[0].family", "Petrovic", "circumstances", "was at the river"}
	r := ana.newCaseForm(append(typed, "act", "open")...).want(409)
	r.has("This may be known already", `href="`+at+`"`, "a short form of the name", "the date of birth as far as it is known", `value="Ђоле"`, "was at the river", `value="anyway_open"`)
	shown := r.value("known_shown")
	// Setting it apart brings the form back and does not ask again.
	r = ana.newCaseForm(append(typed, "not_this", shown)...).want(200).lacks("known-item").has("was at the river")
	if r.value("not_same") != shown {
		t.Fatalf("%s", r.value("not_same"))
	}
	made := ana.newCaseForm(append(typed, "act", "open", "not_same", shown)...).want(303).header.Get("Location")
	ana.send("GET", "/api/v1"+strings.TrimPrefix(made, "/desk"), nil).want(200).has(`"of":"` + shown + `"`)
	// So does going on regardless, which says it of all that were shown.
	made = ana.newCaseForm(append(typed, "act", "anyway_draft", "known_shown", shown)...).want(303).header.Get("Location")
	ana.send("GET", "/api/v1"+strings.TrimPrefix(made, "/desk"), nil).want(200).has(`"of":"`+shown+`"`, `"state":"draft"`)
}

func TestKnownCallerOnTheContactForm(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	number := ana.send("GET", "/api/v1"+strings.TrimPrefix(at, "/desk"), nil).want(200).text("number")
	form := func(pairs ...string) reply {
		return ana.form("/desk/contacts/new", append([]string{"channel", "phone", "kind", "follow_up", "caller.phone", "011 000 00 77"}, pairs...)...)
	}
	form("case_number", number).want(303)
	r := form("asked", "is there news?").want(409).has("the telephone number", "is there news?", `name="link_case" value="`+number+`"`)
	shown := r.value("known_shown")
	form("asked", "is there news?", "not_this", shown).want(200).lacks("known-item")
	linked := form("asked", "is there news?", "link_case", number).want(303).header.Get("Location")
	ana.send("GET", linked, nil).want(200).has(at)
	form("act", "anyway_record", "known_shown", shown).want(303)
}

// The part that a page loads while somebody types says what the page without
// script says, and the API the same to programs.
func TestKnownPartAndAPI(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	r := ana.form("/desk/known", "children.count", "1", "children[0].names[0].given", "Djordje", "children[0].names[0].family", "Petrović").want(200)
	r.has(`href="`+at+`"`, "the name").lacks("<html", "anyway_")
	ana.form("/desk/known", "children.count", "1", "children[0].names[0].given", "Nobody").want(200).lacks("known-item")
	q := url.Values{"given": {"Ђорђе"}, "family": {"Петровић"}, "birth_date": {"2019-05-30"}}
	ana.send("GET", "/api/v1/known?"+q.Encode(), nil).want(200).has(`"name_exact"`, `"birth_fits"`, strings.TrimPrefix(at, "/desk/cases/"))
	ana.send("GET", "/api/v1/known?name=x", nil).want(400)
	for _, role := range []alerts.Role{alerts.RolePartner, alerts.RoleVolunteer, alerts.RoleAdministrator} {
		s.as(role).send("GET", "/api/v1/known?"+q.Encode(), nil).want(403)
	}
}

// Nobody outside learns whether a child is known: the answers to a report of a
// known child and of one that is not are alike but for the code.
func TestPublicReportsNeverConfirmAChild(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	s.as(alerts.RoleCoordinator).openedByForm()
	public := s.as(alerts.RolePublic).with("Accept-Language", "en")
	code := regexp.MustCompile(`[2-9A-Z]{4}(-[2-9A-Z]{4}){4}|[2-9A-Z]{20}|value="[a-z2-7]{26}"`)
	answer := func(name string) (int, string) {
		r := public.form("/report/child", "child_name", name, "child_age", "11", "last_seen_where", "bus stop", "circumstances", "gone since noon")
		return r.status, code.ReplaceAllString(string(r.body), "CODE")
	}
	status, known := answer("Đorđe Petrović")
	other, unknown := answer("Zdenko Nepoznat")
	if status != other || known != unknown {
		t.Fatalf("%d and %d:\n%s\n%s", status, other, known, unknown)
	}
	for _, path := range []string{"/api/v1/known?given=Ana", "/desk/cases?q=petrovic"} {
		if r := public.send("GET", path, nil); r.status != 401 && r.status != 303 {
			t.Errorf("%s answers %d", path, r.status)
		}
	}
}

func TestMergePages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	first, second := ana.openedByForm(), ana.openedByForm()
	number := ana.send("GET", "/api/v1"+strings.TrimPrefix(first, "/desk"), nil).want(200).text("number")
	ana.send("GET", second+"/merge", nil).want(200).has("These cases look alike", number, second+"/merge?into="+number)
	ana.form(second+"/merge", "into", number).want(422).has("This is needed.")
	other := ana.send("GET", "/api/v1"+strings.TrimPrefix(second, "/desk"), nil).want(200).text("number")
	ana.form(second+"/merge", "into", other, "reason", "x").want(409).has("cannot be merged into itself")
	ana.form(second+"/merge", "into", number, "reason", "the same boy").want(303)
	if at := ana.send("GET", second, nil).want(303).header.Get("Location"); !strings.HasPrefix(at, first) {
		t.Fatalf("the alias leads to %s", at)
	}
	ana.send("GET", first, nil).want(200).has("is merged into this one", second+"?alias=yes")
	ana.send("GET", second+"?alias=yes", nil).want(200).has("This case is merged into case " + number).lacks(second + "/edit")
	ana.form("/desk/contacts/new", "channel", "phone", "kind", "follow_up", "case_number", other, "asked", "any news").want(303)
	ana.send("GET", first+"/timeline", nil).want(200).has("any news")
	ana.form(second+"/unmerge", "reason", "").want(422)
	ana.form(second+"/unmerge", "reason", "a mistake").want(303)
	ana.send("GET", second, nil).want(200).has(second + "/edit")
}
