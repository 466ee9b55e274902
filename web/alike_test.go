package web

import (
	"strings"
	"testing"

	"homeward/alerts"
)

// Two cases of one name are shown beside each other, until somebody says that
// they are not the same child; and again when that is taken back.
func TestAlikeOnPagesAndAPI(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	first, second := ana.openedByForm(), ana.openedByForm()
	one, two := strings.TrimPrefix(first, "/desk/"), strings.TrimPrefix(second, "/desk/")
	number := ana.send("GET", "/api/v1/"+two, nil).want(200).text("number")
	ana.send("GET", first, nil).want(200).has("May be the same child", second, `href="`+first+`/merge?into=`+number+`"`, "the name", `name="of" value="`+two+`"`)
	ana.form(first+"/apart", "of", one).want(422).has("alike", "The other record")
	ana.form(first+"/apart", "of", two, "apart_reason", "his cousin").want(303)
	ana.send("GET", second, nil).want(200).has("One record was judged to be about another child", "his cousin").lacks("May be the same child")
	ana.send("GET", "/api/v1/"+one+"/alike", nil).want(200).has(`"items":[]`, `"reason":"his cousin"`)
	ana.send("GET", "/api/v1/known?given=Djordje&family=Petrovic&of="+one, nil).want(200).has(`"items":[]`)
	ana.form(second+"/apart-back", "of", one).want(303)
	ana.send("GET", first, nil).want(200).has("May be the same child").lacks("his cousin")
	ana.send("POST", "/api/v1/"+one+"/apart", map[string]any{"of": two}).want(200).has(`"items":[]`)
	ana.send("POST", "/api/v1/"+one+"/apart-back", map[string]any{"of": two}).want(200).has(`"apart":[]`)
	for _, role := range []alerts.Role{alerts.RolePartner, alerts.RoleVolunteer, alerts.RoleAdministrator, alerts.RolePoliceLiaison} {
		s.as(role).send("GET", "/api/v1/"+one+"/alike", nil).want(403)
		s.as(role).send("POST", "/api/v1/"+one+"/apart", map[string]any{"of": two}).want(403)
	}
}

// The page of a report shows the case that it may be about, and how to add it.
func TestAlikeOnAContact(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	number := ana.send("GET", "/api/v1"+strings.TrimPrefix(at, "/desk"), nil).want(200).text("number")
	s.as(alerts.RolePublic).form("/report/child", "child_name", "Đorđe Petrović", "child_age", "11", "last_seen_where", "bus stop", "circumstances", "gone since noon")
	contact := "/desk/contacts/" + s.Alerts.Board.OpenReports()[0].ContactID
	ana.send("GET", contact, nil).want(200).has("May be the same child", at, contact+"?case="+number+"#f-case_number")
	ana.send("GET", contact+"?case="+number, nil).want(200).has(`value="` + number + `"`)
	ana.form(contact+"/apart", "of", strings.TrimPrefix(at, "/desk/")).want(303)
	ana.send("GET", contact, nil).want(200).has("judged to be about another child").lacks("May be the same child")
	ana.send("GET", "/desk/cases/new?contact="+strings.TrimPrefix(contact, "/desk/contacts/"), nil).want(200).lacks("known-item")
}
