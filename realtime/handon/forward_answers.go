package handon

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Watch looks for answers at the other installation and tells them to the first,
// until ctx ends. What was forwarded before this program started is found again.
func (f *Forward) Watch(ctx context.Context) {
	resumed := false
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for {
		if !resumed {
			err := f.resume(ctx)
			resumed = err == nil
			f.warn(ctx, err)
		}
		f.warn(ctx, f.bringBack(ctx))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (f *Forward) warn(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		f.Log.Warn("answers could not be brought back, trying again", "error", err)
	}
}

// resume hands on again what is live now: the other installation knows it and
// answers with its own id.
func (f *Forward) resume(ctx context.Context) error {
	status, body, err := f.from(ctx, http.MethodGet, "/partner/alerts", nil, "")
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("list the alerts: HTTP %d", status)
	}
	var list struct {
		Items []struct {
			ID       string `json:"id"`
			Revision int    `json:"revision"`
			Drill    bool   `json:"drill"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return fmt.Errorf("list the alerts: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, al := range list.Items {
		if f.known[al.ID] == nil && !al.Drill {
			if err := f.alert(ctx, al.ID, al.Revision); err != nil {
				return err
			}
		}
	}
	return nil
}

// bringBack goes through what was forwarded. One that fails does not keep the
// others back.
func (f *Forward) bringBack(ctx context.Context) (failed error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(f.known)) {
		if err := f.bringOne(ctx, id, f.known[id]); err != nil {
			failed = err
		}
	}
	return failed
}

func (f *Forward) bringOne(ctx context.Context, id string, k *forwarded) error {
	status, body, err := f.request(ctx, http.MethodGet, f.To+"/api/v1/alerts/"+k.there+"/deliveries", f.ToToken, nil, "", "")
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("deliveries of alert %s: HTTP %d", id, status)
	}
	var ledger struct{ Items []line }
	if err := json.Unmarshal(body, &ledger); err != nil {
		return fmt.Errorf("deliveries of alert %s: %w", id, err)
	}
	if k.ended {
		if slices.ContainsFunc(ledger.Items, func(l line) bool { return l.State != "removed" }) {
			return nil
		}
		if err := f.removed(ctx, id); err != nil {
			return err
		}
		delete(f.known, id)
		return nil
	}
	answer, reason := sum(ledger.Items)
	if answer == "" || reason == k.told {
		return nil
	}
	if err := f.answer(ctx, id, k.revision, answer, reason); err != nil {
		return err
	}
	k.told = reason
	return nil
}

// line is one organisation there.
type line struct {
	State     string `json:"state"`
	Withdrawn bool   `json:"withdrawn"`
}

// sum is what the organisations there say together: one that accepts is enough,
// a refusal is one only when all refuse.
func sum(lines []line) (answer, reason string) {
	asked, accepted, declined := 0, 0, 0
	for _, l := range lines {
		if l.Withdrawn {
			continue
		}
		asked++
		switch l.State {
		case "accepted", "done":
			accepted++
		case "declined":
			declined++
		}
	}
	switch {
	case accepted > 0:
		return "accepted", fmt.Sprintf("Forwarded: accepted by %d of %d organisations.", accepted, asked)
	case asked > 0 && declined == asked:
		return "declined", fmt.Sprintf("Forwarded: declined by all %d organisations.", asked)
	}
	return "", ""
}
