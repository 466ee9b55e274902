package web

import (
	"homeward/alerts"
)

// goThroughProcedure goes through the route, the facts and the steps of a
// matter.
func (s *testServer) goThroughProcedure(at string) {
	ana := s.as(alerts.RoleCoordinator)
	ana.get(at + "/route").want(200)
	ana.post(at+"/route", map[string]any{"route": "luxembourg1980"}).want(422)
	ana.post(at+"/route", map[string]any{"route": "hague1980"}).want(200)
	m := ana.get(at).want(200)
	child := m.text("children.0.id")
	m = ana.with("If-Match", m.header.Get("ETag")).patch(at, map[string]any{
		"states": []any{map[string]any{"state": "RS", "role": "habitual", "until": "2031-01-10"}}, "languages": []string{"de"},
		"parties":        []any{map[string]any{"role": "taking", "name": "T", "nationalities": []string{"DE"}, "languages": []string{"de"}}},
		"decisions":      []any{map[string]any{"date": "2031-01-12", "what": "return_refused", "court": "C", "grounds": []string{"13_1_b"}, "appeal_until": "2031-06-01"}},
		"documents":      []any{map[string]any{"kind": "passport", "state": "DE", "child_id": child, "valid_until": "2031-07-01"}},
		"authorisations": []any{map[string]any{"kind": "central_authority", "to": "M", "valid_until": "2031-07-01"}},
		"traces":         []any{map[string]any{"kind": "whereabouts", "text": "w", "source": "C", "information": 3}},
		"dangers":        []any{map[string]any{"code": "threats"}}, "outcomes": []any{map[string]any{"child_id": child, "outcome": "other", "on": "2031-01-12"}},
		"family_contacts": []any{map[string]any{"date": "2031-01-12", "channel": "sms"}},
	}).want(200)
	if m.count("parties") != 1 || m.text("parties.0.id") == "" || m.text("decisions.0.appeal_until") != "2031-06-01" {
		s.t.Errorf("the facts are %s", m.body)
	}
	ana.with("If-Match", m.header.Get("ETag")).patch(at, map[string]any{"outcomes": nil, "dangers": []any{map[string]any{"code": "x"}}}).want(422)
	ana.get(at + "/clocks").want(200)
	ana.get(at + "/procedure").want(200)
	ana.post(at+"/steps/report", map[string]any{"state": "done", "done_on": "2031-01-11", "documents": []string{"police_report"}}).want(200)
	ana.post(at+"/steps/report", map[string]any{"state": "done", "done_on": "yesterday"}).want(422)
	ana.post(at+"/steps/dance", map[string]any{"state": "done"}).want(404)
	s.as(alerts.RoleLegal).get(at + "/procedure").want(404)
}
