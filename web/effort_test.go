package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// solve does what the browser's worker does.
func solve(challenge string, bits int) string {
	for n := 0; ; n++ {
		if answer := strconv.Itoa(n); solves(challenge, answer, bits) {
			return answer
		}
	}
}

// anEffort has a clock of its own and a key.
func anEffort(t *testing.T, at *time.Time, key string) *effort {
	t.Helper()
	mac := func(purpose string, parts ...[]byte) []byte {
		m := hmac.New(sha256.New, []byte(key+purpose))
		for _, p := range parts {
			m.Write([]byte{byte(len(p))})
			m.Write(p)
		}
		return m.Sum(nil)
	}
	return must(newEffort(func() time.Time { return *at }, mac))
}

func TestEffortIsProvenOnceForItsForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2031, 1, 1, 12, 0, 0, 0, time.UTC)
	e := anEffort(t, &now, "ours")
	challenge, bits := e.challenge("sighting")
	answer := solve(challenge, bits)
	wrong := 0
	for solves(challenge, strconv.Itoa(wrong), bits) {
		wrong++
	}
	easier := []byte(must(base64.RawURLEncoding.DecodeString(challenge)))
	easier[8] = 0
	forged := base64.RawURLEncoding.EncodeToString(easier)
	foreign, _ := anEffort(t, &now, "theirs").challenge("sighting")
	for name, c := range map[string][3]string{
		"unsolved":           {"sighting", challenge, strconv.Itoa(wrong)},
		"no answer":          {"sighting", challenge, ""},
		"nothing":            {"sighting", "", ""},
		"another form":       {"child", challenge, answer},
		"made easier":        {"sighting", forged, "0"},
		"forged":             {"sighting", foreign, solve(foreign, bits)},
		"half":               {"sighting", challenge[:20], answer},
		"an answer too long": {"sighting", challenge, strings.Repeat("1", 21)},
	} {
		if e.proven(c[0], c[1], c[2]) {
			t.Errorf("%s is taken for proven", name)
		}
	}
	now = now.Add(89 * time.Minute)
	if !e.proven("sighting", challenge, answer) {
		t.Fatal("the control: a solved one is not taken")
	}
	if e.proven("sighting", challenge, answer) {
		t.Error("a used one is taken again")
	}
	late, bits := e.challenge("sighting")
	answer = solve(late, bits)
	now = now.Add(91 * time.Minute)
	if e.proven("sighting", late, answer) {
		t.Error("an ended one is taken")
	}
}

func TestEffortRisesWithTheLoad(t *testing.T) {
	t.Parallel()
	now := time.Date(2031, 1, 1, 12, 0, 0, 0, time.UTC)
	e := anEffort(t, &now, "ours")
	bits := func() int { _, n := e.challenge("sighting"); return n }
	if bits() != e.limits.calm {
		t.Fatal(bits())
	}
	for range e.limits.wave {
		if behind, wait := e.enter(false); behind || wait > 0 {
			t.Fatal("without a wave somebody without script has to wait")
		}
	}
	if bits() != e.limits.inWave {
		t.Errorf("in a wave %d bits", bits())
	}
	for i := range e.limits.budget + 1 {
		behind, wait := e.enter(false)
		if !behind || (wait > 0) != (i == e.limits.budget) {
			t.Fatalf("number %d without a solution: %t, wait %d", i, behind, wait)
		}
	}
	if behind, wait := e.enter(true); behind || wait > 0 {
		t.Error("a proven one has to wait")
	}
	now = now.Add(time.Minute)
	if _, wait := e.enter(false); wait > 0 {
		t.Error("the next minute has no budget of its own")
	}
	for range 5 * e.limits.wave {
		e.enter(true)
	}
	if bits() != e.limits.storm {
		t.Errorf("in a storm %d bits", bits())
	}
	now = now.Add(7 * time.Minute)
	if behind, _ := e.enter(false); behind || bits() != e.limits.calm || len(e.minutes) != 1 {
		t.Errorf("after the wave: %t, %d bits, %v", behind, bits(), e.minutes)
	}
}

// effortIn finds the challenge of a form and how hard it is.
func effortIn(page []byte) [][]byte {
	return regexp.MustCompile(`data-effort="([^"]+)" data-bits="(\d+)"`).FindSubmatch(page)
}

// TestAWavePutsUnprovenReportsBehind, keeps what was typed beyond the budget, and
// never touches the report of a missing child.
func TestAWavePutsUnprovenReportsBehind(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	anybody, ana := s.as(alerts.RolePublic), s.as(alerts.RoleCoordinator)
	for range s.effort.limits.wave {
		s.effort.enter(true)
	}
	found := effortIn(anybody.send("GET", "/report/sighting", nil).want(200).body)
	if found == nil {
		t.Fatal("the form has no challenge")
	}
	challenge, bits := string(found[1]), must(strconv.Atoi(string(found[2])))
	seen := func(text string, pairs ...string) reply {
		all := s.aSighting(pairs...)
		all[slices.Index(all, "text")+1] = text
		return anybody.with("Accept-Language", "en").form("/report/sighting", all...)
	}
	seen("Zqproven by the river", "effort", challenge, "effort_answer", solve(challenge, bits)).want(200)
	seen("Zqused by the bridge", "effort", challenge, "effort_answer", solve(challenge, bits)).want(200)
	seen("Zqbare by the market").want(200)
	counted := 0
	for _, f := range ana.get("/sightings?limit=200").want(200).at("features").([]any) {
		p := f.(map[string]any)["properties"].(map[string]any)
		text, doubt := p["text"].(string), strings.Contains(strings.Join(strings.Fields(textOf(p["doubt"])), " "), "not_proven")
		counted++
		if doubt == strings.HasPrefix(text, "Zqproven") {
			t.Errorf("%s: not proven: %t", text, doubt)
		}
	}
	if counted != 3 {
		t.Errorf("%d reports were taken, not three", counted)
	}
	for range s.effort.limits.budget {
		s.effort.enter(false)
	}
	late := seen("Zqlate by the school").want(429)
	late.has("Zqlate by the school", "Nothing that you wrote is lost")
	if n := must(strconv.Atoi(late.header.Get("Retry-After"))); n < 1 || n > 60 {
		t.Errorf("wait %d seconds", n)
	}
	fresh := effortIn(late.body)
	if fresh == nil || string(fresh[1]) == challenge {
		t.Error("the form that is shown again has no fresh challenge")
	}
	anybody.form("/report/child", "child_name", "Ana", "last_seen_where", "park", "circumstances", "gone", "step", "1", "contact.name", "M", "contact.phone", "+381 11 000 0012").want(200)
	anybody.post("/public/reports", map[string]any{"child_name": "Ana", "last_seen_where": "park", "contact": map[string]any{"name": "M", "phone": "+381 11 000 0012"}}).want(201)
	anybody.send("GET", "/report/child", nil).want(200).lacks("data-effort")
	anybody.send("GET", "/follow", nil).want(200).lacks("data-effort")
}

func textOf(list any) string {
	var out []string
	items, _ := list.([]any)
	for _, i := range items {
		out = append(out, i.(string))
	}
	return strings.Join(out, " ")
}
