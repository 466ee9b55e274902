package main

import (
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/realtime"
)

// TestARevokedKeyClosesItsSockets revokes one of two keys of an organisation on
// the other node. The control is the socket of the other key, which stays and
// gets the next frame.
func TestARevokedKeyClosesItsSockets(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		partner, key := b.partner("RS")
		duty := b.as("duty", alerts.RoleDutyOfficer)
		spare := b.must("POST", "/partners/"+partner+"/tokens", duty, object{"name": "spare"})
		until(t, "the other node knows both keys", func() bool {
			status, _, _ := a.do("GET", "/api/v1/partner/alerts", spare["token"].(string), nil)
			return status == 200
		})
		lost, kept := a.connect(t, key, ""), a.connect(t, spare["token"].(string), "")
		for _, s := range []*socket{lost, kept} {
			s.next("hello")
			s.next("resync")
		}
		keys := b.must("GET", "/partners/"+partner, duty, nil)["keys"].([]any)
		start := time.Now()
		b.must("DELETE", "/partners/"+partner+"/tokens/"+keys[0].(object)["id"].(string), duty, nil)
		_ = lost.ws.SetReadDeadline(time.Now().Add(30 * time.Second))
		_, frame, err := lost.ws.ReadMessage()
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != realtime.CloseKeyEnded {
			t.Fatalf("the revoked key's socket: %s, %v", frame, err)
		}
		t.Logf("closed %s after the revocation was asked for", time.Since(start).Round(time.Millisecond))
		b.must("POST", "/drills", b.as("coordinator", alerts.RoleCoordinator), object{"partners": []string{partner}, "level": "partner", "severity": "severe"})
		if f := kept.next("alert"); f["alert"].(object)["drill"] != true {
			t.Errorf("the frame does not say that it is a drill: %v", f)
		}
	})
}
