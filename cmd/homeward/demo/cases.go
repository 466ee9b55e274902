package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// searching is one case of the story: first its plan, then what the desk made
// of it. Its lane carries out one event after the other, so that what one event
// wrote here the next one reads.
type searching struct {
	dice
	key, stage, intake string
	// code follows a public report, contact is its id.
	code, contact string
	category      alerts.Category
	children      []child
	label         string
	place         geo.Place
	track         []geo.Place
	risk, story   string
	reported      bool
	sightings     int

	seen, opened time.Time
	// released and public are when the alert went out, zero for never; ended is
	// when the search was over, or was held.
	released, public, ended time.Time
	followUp                time.Duration
	hasFollowUp             bool

	id, number, alertID, photoID, decisionID string
}

// child is one missing child of a case.
type child struct {
	given, family, sex       string
	age, height              int
	hair, eyes, marks        string
	wearEnglish, wearSerbian string
}

func (t *teller) planCases() error {
	rows, err := read("cases.csv")
	if err != nil {
		return err
	}
	if t.texts, err = loadTexts(); err != nil {
		return err
	}
	if t.wear, err = read("wear.csv"); err != nil {
		return err
	}
	for _, row := range rows {
		s, err := t.searching(row)
		if err != nil {
			return fmt.Errorf("case %q: %w", row[0], err)
		}
		t.cases = append(t.cases, s)
		t.act(s)
	}
	return nil
}

func (t *teller) searching(row []string) (*searching, error) {
	s := &searching{
		dice: newDice(row[0]), key: row[0], category: alerts.Category(row[1]), stage: row[2], intake: row[3],
		label: row[6], risk: row[10], reported: row[12] == "yes", story: row[15], hasFollowUp: row[11] != "",
	}
	var errs [8]error
	s.children, errs[0] = t.childrenOf(s, row[4])
	s.place, errs[1] = t.towns.find(row[5])
	s.track, errs[2] = t.towns.all(row[14])
	var seen, told, ended time.Duration
	seen, errs[3] = span(row[7])
	told, errs[4] = span(row[8])
	ended, errs[5] = span(row[9])
	s.followUp, errs[6] = span(row[11])
	s.sightings, errs[7] = strconv.Atoi(row[13])
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	s.seen = t.now.Add(-seen)
	s.opened = s.seen.Add(told)
	if s.category == alerts.CategoryHistorical {
		s.opened = t.now.Add(-s.hours(20*24, 70*24))
	}
	s.when(t.now, ended)
	if !s.ended.IsZero() && s.ended.Before(s.opened) || s.opened.After(t.now) {
		return nil, fmt.Errorf("it ends before it begins")
	}
	return s, nil
}

// when works out the times of what follows from how far the case has come.
func (s *searching) when(now time.Time, ended time.Duration) {
	open := now.Sub(s.opened)
	share := func(of float64) time.Time {
		return s.opened.Add(time.Duration(of * float64(open))).Truncate(time.Minute)
	}
	if ended > 0 {
		s.ended = now.Add(-ended)
		open = s.ended.Sub(s.opened)
	}
	quick := min(open/4, 9*time.Hour)
	switch s.stage {
	case "on_hold":
		s.ended = share(0.6)
		if s.category != alerts.CategoryHistorical {
			s.released = s.opened.Add(quick)
		}
	case "active", "found", "closed":
		s.released = s.opened.Add(quick)
	case "public":
		s.released = s.opened.Add(quick / 2)
		s.public = s.opened.Add(min(open/3, 30*time.Hour))
	}
	if s.key == keyEmergency {
		s.released, s.public = s.opened.Add(40*time.Minute), s.opened.Add(2*time.Hour)
	}
}

func (t *teller) childrenOf(s *searching, text string) ([]child, error) {
	var out []child
	for _, one := range list(text, ";") {
		f := strings.SplitN(one, ",", 8)
		if len(f) != 8 {
			return nil, fmt.Errorf("a child has %d fields", len(f))
		}
		b := child{sex: map[string]string{"m": "male", "f": "female"}[f[1]], hair: f[4], eyes: f[5], marks: f[7]}
		b.given, b.family, _ = strings.Cut(f[0], " ")
		var err error
		if b.age, err = strconv.Atoi(f[2]); err != nil {
			return nil, err
		}
		if b.height, err = strconv.Atoi(f[3]); err != nil {
			return nil, err
		}
		if n, err := strconv.Atoi(f[6]); err == nil {
			b.wearEnglish, b.wearSerbian = t.wear[n-1][0], t.wear[n-1][1]
		}
		out = append(out, b)
	}
	return out, nil
}
