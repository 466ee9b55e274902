package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
)

// marked is the body of a case that can be told from all others.
func marked(mark string) []byte {
	b, _ := json.Marshal(object{"category": "runaway", "children": []object{{"names": []object{{"given": "Zvezdan", "kind": "birth"}}}}, "circumstances": mark})
	return b
}

// written counts the cases of an installation by their mark, and tells which
// mark a case has.
func (in *installation) written(token string) (count map[string]int, of map[string]string) {
	in.tb.Helper()
	count, of = map[string]int{}, map[string]string{}
	for cursor := ""; ; {
		page := in.must("GET", "/cases?limit=100"+cursor, token, nil)
		for _, it := range page["items"].([]any) {
			id := it.(object)["id"].(string)
			mark, _ := in.must("GET", "/cases/"+id, token, nil)["circumstances"].(string)
			count[mark]++
			of[id] = mark
		}
		next, _ := page["next"].(string)
		if next == "" {
			return count, of
		}
		cursor = "&cursor=" + next
	}
}

// compare tells what of the acknowledged writes is not there, and what is there
// more than once. acknowledged are case ids by mark.
func (in *installation) compare(token string, acknowledged map[string]string) (lost, doubled []string) {
	in.tb.Helper()
	count, of := in.written(token)
	for _, mark := range slices.Sorted(maps.Keys(acknowledged)) {
		if of[acknowledged[mark]] != mark {
			lost = append(lost, mark)
		}
	}
	for _, mark := range slices.Sorted(maps.Keys(count)) {
		if count[mark] > 1 {
			doubled = append(doubled, mark)
		}
	}
	return lost, doubled
}

// clients write cases, each under a key of its own, until the server is gone.
type clients struct {
	mu           sync.Mutex
	acknowledged map[string]string
	unanswered   []string
	acks         chan struct{}
	ended        chan struct{}
}

func (c *clients) write(in *installation, token, name string) {
	for i := 0; ; i++ {
		mark := fmt.Sprintf("%s-%d", name, i)
		status, body := in.post(context.Background(), "/cases", token, mark, marked(mark))
		if !c.note(in, mark, status, body) {
			return
		}
	}
}

// note keeps what a write was answered and tells whether to go on.
func (c *clients) note(in *installation, mark string, status int, body []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	var v struct{ ID string }
	switch status {
	case http.StatusCreated, http.StatusOK:
		if err := json.Unmarshal(body, &v); err != nil || v.ID == "" {
			in.tb.Errorf("%s was answered %d %s", mark, status, body)
		}
		if was, ok := c.acknowledged[mark]; ok && was != v.ID {
			in.tb.Errorf("%s is case %s and, repeated, %s", mark, was, v.ID)
		}
		c.acknowledged[mark] = v.ID
		select {
		case c.acks <- struct{}{}:
		default:
		}
		return true
	case 0, http.StatusServiceUnavailable:
		c.unanswered = append(c.unanswered, mark)
		return false
	}
	in.tb.Errorf("%s was answered %d %s", mark, status, body)
	return false
}

// begin lets writers loose under names of this round.
func (c *clients) begin(in *installation, token, round string) {
	c.acks, c.unanswered = make(chan struct{}, 1), nil
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() { c.write(in, token, fmt.Sprintf("%s-%d", round, i)) })
	}
	ended := make(chan struct{})
	c.ended = ended
	go func() { wg.Wait(); close(ended) }()
}

// await waits for so many more acknowledgements, at least.
func (c *clients) await(in *installation, n int) {
	in.tb.Helper()
	for range n {
		select {
		case <-c.acks:
		case <-c.ended:
			in.tb.Fatalf("the writers gave up:\n%s", in.running.said())
		}
	}
}

// repeat sends again what got no answer, and some of what got one.
func (c *clients) repeat(in *installation, token string) {
	again := c.unanswered
	for mark := range c.acknowledged {
		if len(again) > len(c.unanswered)+3 {
			break
		}
		again = append(again, mark)
	}
	for _, mark := range again {
		status, body := in.post(context.Background(), "/cases", token, mark, marked(mark))
		if !c.note(in, mark, status, body) {
			in.tb.Fatalf("%s, repeated, was answered %d %s", mark, status, body)
		}
	}
}

// TestFaultKilled kills the whole program at random moments while clients
// write, starts it again and lets them repeat: nothing that was acknowledged is
// lost and nothing is there twice.
func TestFaultKilled(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	token := in.as("coordinator", alerts.RoleCoordinator)
	c := &clients{acknowledged: map[string]string{}}
	for round := range times(2, 40) {
		c.begin(in, token, fmt.Sprintf("r%d", round))
		c.await(in, 1+rand.N(15))
		<-sometime(4 * time.Millisecond)
		in.running.kill()
		<-c.ended
		in.start()
		c.repeat(in, token)
	}
	lost, doubled := in.compare(token, c.acknowledged)
	if len(lost)+len(doubled) > 0 {
		t.Fatalf("of %d acknowledged writes %v are lost; %v are there twice", len(c.acknowledged), lost, doubled)
	}
	in.running.kill()
	if code, out := in.run(in.places("verify", "--offline")...); code != 0 {
		t.Fatalf("the store of a killed program: %s", out)
	}
	t.Logf("%d writes acknowledged", len(c.acknowledged))
	notices(t, in, token, c.acknowledged)
}

// notices is the control: writes that are lost after their acknowledgement and
// such that are repeated without a key are found by the same comparison.
func notices(t *testing.T, in *installation, token string, acknowledged map[string]string) {
	t.Helper()
	before := filepath.Join(in.dir, "before")
	if err := os.Remove(filepath.Join(in.data(), socketName)); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(before, os.DirFS(in.data())); err != nil {
		t.Fatal(err)
	}
	in.start()
	c := &clients{acknowledged: acknowledged}
	status, body := in.post(context.Background(), "/cases", token, "too early", marked("too early"))
	c.note(in, "too early", status, body)
	in.running.kill()
	// A store that acknowledges before it commits is, once killed, as it was before.
	for _, err := range []error{os.RemoveAll(in.data()), os.Rename(before, in.data())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	in.start()
	for range 2 {
		if status, body := in.post(context.Background(), "/cases", token, "", marked("no key")); status != http.StatusCreated {
			t.Fatalf("%d %s", status, body)
		}
	}
	lost, doubled := in.compare(token, acknowledged)
	if !slices.Equal(lost, []string{"too early"}) || !slices.Equal(doubled, []string{"no key"}) {
		t.Fatalf("the comparison finds %v lost and %v doubled", lost, doubled)
	}
	in.stop()
}
