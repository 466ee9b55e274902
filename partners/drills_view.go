package partners

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// DrillView is an exercise with how quickly each organisation answered.
type DrillView struct {
	ID       string            `json:"id"`
	State    DrillState        `json:"state"`
	Level    alerts.Level      `json:"level"`
	Severity string            `json:"severity"`
	Note     map[string]string `json:"note"`
	// StartedBy and EndedBy are names of accounts.
	StartedBy string     `json:"started_by"`
	StartedAt time.Time  `json:"started_at"`
	EndsAt    time.Time  `json:"ends_at"`
	EndedBy   string     `json:"ended_by,omitempty"`
	EndedAt   *time.Time `json:"ended_at"`
	// Told, Received, Opened and Answered count organisations.
	Told     int `json:"told"`
	Received int `json:"received"`
	Opened   int `json:"opened"`
	Answered int `json:"answered"`
	// MedianOpenedS is the median time in whole seconds until a named person
	// opened it, MedianAnsweredS until an answer; null when nobody has.
	MedianOpenedS   *int        `json:"median_opened_s"`
	MedianAnsweredS *int        `json:"median_answered_s"`
	Lines           []DrillLine `json:"lines"`
}

// DrillLine is how one organisation did in an exercise. Seconds are counted from
// when it was told; null for what has not happened.
type DrillLine struct {
	PartnerID   string        `json:"partner_id"`
	PartnerName string        `json:"partner_name"`
	State       DeliveryState `json:"state"`
	// ReceivedS is until a machine confirmed, OpenedS until a named person
	// looked, AnsweredS until the newest answer.
	ReceivedS *int `json:"received_s"`
	OpenedS   *int `json:"opened_s"`
	AnsweredS *int `json:"answered_s"`
	// OpenedBy is who looked first, AnsweredBy who answered; Channel is the way
	// of the newest sign.
	OpenedBy   string        `json:"opened_by"`
	AnsweredBy string        `json:"answered_by"`
	Answer     DeliveryState `json:"answer,omitempty"`
	Reason     string        `json:"reason"`
	Channel    string        `json:"channel"`
	// Next is what is tried next while the organisation keeps silent.
	Next *NextTry `json:"next"`
}

// readsDrills tells whether somebody sees exercises and what came of them.
func (d *Desk) readsDrills(a alerts.Actor) bool {
	return a.Partner == "" && d.Matrix.Route(a.Role, "GET /api/v1/drills")
}

func (d *Desk) isExercise(id string) bool {
	x, ok := d.board.Drill(id)
	return ok && x.Kind == DrillExercise
}

// Drill returns an exercise with what came of it so far.
func (d *Desk) Drill(a alerts.Actor, id string) (DrillView, error) {
	x, ok := d.board.Drill(id)
	if !ok || x.Kind != DrillExercise || !d.readsDrills(a) {
		return DrillView{}, missing("drill " + id)
	}
	return d.viewDrill(x), nil
}

// Drills returns one page of the exercises, the newest first; next is nil on the
// last page.
func (d *Desk) Drills(a alerts.Actor, cursor string, limit int) (alerts.Page[DrillView], error) {
	page := alerts.Page[DrillView]{Items: []DrillView{}}
	if !d.readsDrills(a) {
		return page, missing("drills")
	}
	all := d.board.Drills()
	from := 0
	if cursor != "" {
		if from = 1 + slices.IndexFunc(all, func(x *Drill) bool { return x.ID == cursor }); from == 0 {
			var f alerts.Fields
			f.Add("cursor", "unknown", "This page has gone. Start at the first.")
			return page, f.Err()
		}
	}
	limit = pageLimit(limit)
	for _, x := range all[from:min(from+limit, len(all))] {
		page.Items = append(page.Items, d.viewDrill(x))
	}
	if from+limit < len(all) {
		page.Next = &all[from+limit-1].ID
	}
	return page, nil
}

func (d *Desk) viewDrill(x *Drill) DrillView {
	v := DrillView{
		ID: x.ID, State: x.State, Level: x.Level, Severity: x.Severity, Note: map[string]string{}, StartedBy: d.accountName(x.StartedBy),
		StartedAt: x.StartedAt, EndsAt: x.EndsAt, EndedBy: d.accountName(x.EndedBy), EndedAt: timeOf(x.EndedAt), Lines: []DrillLine{},
	}
	for _, n := range x.Note {
		v.Note[n.Language] = n.Text
	}
	for _, l := range d.board.ledger(x.ID, d.Now()) {
		v.Lines = append(v.Lines, drillLine(l))
	}
	v.sum()
	return v
}

// accountName is what an account is called, "" for the system and for one that
// there is not any more.
func (d *Desk) accountName(id string) string {
	if acc, ok := d.Board.Account(id); ok {
		return acc.Name
	}
	return ""
}

// drillLine reads a line of the ledger as times since the organisation was told.
func drillLine(l DeliveryView) DrillLine {
	out := DrillLine{PartnerID: l.PartnerID, PartnerName: l.PartnerName, State: l.State, Reason: l.Reason, Channel: l.Channel, Next: l.Next}
	since := func(t *time.Time) *int {
		if t == nil || l.Times.Released == nil {
			return nil
		}
		s := int(max(t.Sub(*l.Times.Released), 0).Round(time.Second) / time.Second)
		return &s
	}
	out.ReceivedS = since(l.Times.Received)
	for _, s := range l.Steps {
		switch {
		case s.By == "":
		case s.State.isAnswer():
			out.Answer, out.AnsweredBy, out.AnsweredS = s.State, s.By, since(&s.At)
			fallthrough // who answers has looked
		case s.State == DeliveryOpened:
			if out.OpenedS == nil {
				out.OpenedBy, out.OpenedS = s.By, since(&s.At)
			}
		}
	}
	return out
}

// sum counts the lines and puts the slowest first: those to talk to.
func (v *DrillView) sum() {
	var opened, answered []int
	v.Told = len(v.Lines)
	for _, l := range v.Lines {
		if l.ReceivedS != nil || l.OpenedS != nil {
			v.Received++
		}
		if l.OpenedS != nil {
			opened = append(opened, *l.OpenedS)
		}
		if l.AnsweredS != nil {
			answered = append(answered, *l.AnsweredS)
		}
	}
	v.Opened, v.Answered = len(opened), len(answered)
	v.MedianOpenedS, v.MedianAnsweredS = medianOf(opened), medianOf(answered)
	slices.SortFunc(v.Lines, func(x, y DrillLine) int {
		return cmp.Or(cmp.Compare(slowness(y), slowness(x)), strings.Compare(x.PartnerName, y.PartnerName), strings.Compare(x.PartnerID, y.PartnerID))
	})
}

// slowness puts silence before every answer.
func slowness(l DrillLine) int {
	const never = int(^uint(0) >> 1)
	switch {
	case l.AnsweredS != nil:
		return *l.AnsweredS
	case l.OpenedS != nil:
		return never - 2
	case l.ReceivedS != nil:
		return never - 1
	}
	return never
}

// medianOf is the middle of some numbers, the lower of two; nil for none.
func medianOf(all []int) *int {
	if len(all) == 0 {
		return nil
	}
	all = slices.Sorted(slices.Values(all))
	return &all[(len(all)-1)/2]
}

// CSV writes what came of an exercise as a table: seconds since the organisation
// was told, empty for what has not happened.
func (v DrillView) CSV() ([]byte, error) {
	rows := [][]string{{"organisation", "state", "received_s", "opened_s", "opened_by", "answered_s", "answered_by", "answer", "reason", "channel"}}
	for _, l := range v.Lines {
		rows = append(rows, []string{harmless(l.PartnerName), string(l.State), maybe(l.ReceivedS), maybe(l.OpenedS), harmless(l.OpenedBy),
			maybe(l.AnsweredS), harmless(l.AnsweredBy), string(l.Answer), harmless(l.Reason), l.Channel})
	}
	return writeRows(rows)
}
