package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"homeward/realtime"
)

// TestTheAlarmTellsOfEachSpellOnce turns the self-test red and green again; a
// message that does not arrive is tried again.
func TestTheAlarmTellsOfEachSpellOnce(t *testing.T) {
	t.Parallel()
	var told []string
	var state realtime.SelfTestState
	fails := false
	a := &alarm{state: func() realtime.SelfTestState { return state }, tell: func(_ context.Context, red bool, s realtime.SelfTestState) error {
		if fails {
			return errors.New("no line")
		}
		if told = append(told, s.Stuck); red != (s.Stuck != "") {
			t.Error("it says the opposite")
		}
		return nil
	}}
	looks := func(stuck string, want ...string) {
		t.Helper()
		state.Stuck = stuck
		for range 3 {
			_ = a.look(t.Context())
		}
		if !slices.Equal(told, want) {
			t.Fatalf("told %q, want %q", told, want)
		}
	}
	looks("")
	looks(realtime.StuckReading, realtime.StuckReading)
	looks(realtime.StuckWriting, realtime.StuckReading) // the same spell
	looks("", realtime.StuckReading, "")
	fails = true
	looks(realtime.StuckLate, realtime.StuckReading, "")
	fails = false
	looks(realtime.StuckLate, realtime.StuckReading, "", realtime.StuckLate)
}

func TestTheAlarmsWebhook(t *testing.T) {
	t.Parallel()
	var got []alarmBody
	status := http.StatusNoContent
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b alarmBody
		if err := json.NewDecoder(r.Body).Decode(&b); err != nil || r.Method != http.MethodPost {
			t.Errorf("%s: %v", r.Method, err)
		}
		got = append(got, b)
		w.WriteHeader(status)
	}))
	defer hook.Close()
	since := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	if err := tellWebhook(t.Context(), hook.URL, "test.example.org", true, realtime.SelfTestState{Stuck: realtime.StuckLate, Since: since}); err != nil {
		t.Fatal(err)
	}
	if err := tellWebhook(t.Context(), hook.URL, "test.example.org", false, realtime.SelfTestState{}); err != nil {
		t.Fatal(err)
	}
	want := []alarmBody{{"alarm", "test.example.org", "red", realtime.StuckLate, since}, {Type: "alarm", Sender: "test.example.org", State: "green"}}
	if !slices.Equal(got, want) {
		t.Errorf("it got %+v", got)
	}
	status = http.StatusFound
	if err := tellWebhook(t.Context(), hook.URL, "s", true, realtime.SelfTestState{}); err == nil {
		t.Error("a redirect counts as told")
	}
	if err := tellWebhook(t.Context(), "", "s", true, realtime.SelfTestState{}); err != nil {
		t.Error(err)
	}
}
