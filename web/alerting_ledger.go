package web

import (
	"cmp"
	"slices"
	"time"

	"homeward/partners"
)

// ledger is what partners did with one alert: who is being waited for first.
type ledger struct {
	Lines []ledgerLine
	// Told is everybody; the others are parts of it.
	Told, Silent, Acting, Cannot, Asking, Done, Removed, Unconfirmed int
	// Sum is what all of them did, in numbers.
	Sum partners.DoneCounts
}

// ledgerLine is one partner of a ledger.
type ledgerLine struct {
	partners.DeliveryView
	// Since is when the state began.
	Since time.Time
	// Waits is set while the desk waits for something.
	Waits bool
}

// ledgerOf sorts and counts the lines of one alert.
func ledgerOf(lines []partners.DeliveryView) ledger {
	l := ledger{Told: len(lines), Lines: make([]ledgerLine, len(lines))}
	for i, d := range lines {
		l.Sum = l.Sum.Add(d.Counts)
		l.Lines[i] = ledgerLine{d, sinceOf(d), d.Because != "" && d.Because != "not_done"}
		l.count(d)
	}
	slices.SortStableFunc(l.Lines, func(x, y ledgerLine) int {
		return cmp.Or(cmp.Compare(x.rank(), y.rank()), x.Since.Compare(y.Since))
	})
	return l
}

func (l *ledger) count(d partners.DeliveryView) {
	switch {
	case d.State == partners.DeliveryRemoved:
		l.Removed++
		return
	case d.Withdrawn:
		l.Unconfirmed++
		return
	}
	switch d.State {
	case partners.DeliveryAccepted:
		l.Acting++
	case partners.DeliveryDeclined:
		l.Cannot++
	case partners.DeliveryQuestion:
		l.Asking++
	case partners.DeliveryDone:
		l.Done++
	default:
		l.Silent++
	}
}

// rank puts questions first, then silence by how little is known, then answers.
func (l ledgerLine) rank() int {
	order := []partners.DeliveryState{partners.DeliveryQuestion, partners.DeliveryWaiting, partners.DeliverySent, partners.DeliveryReceived,
		partners.DeliveryOpened, partners.DeliveryDeclined, partners.DeliveryAccepted, partners.DeliveryDone, partners.DeliveryRemoved}
	if l.Withdrawn && l.State != partners.DeliveryRemoved {
		return -1
	}
	return slices.Index(order, l.State)
}

func sinceOf(d partners.DeliveryView) time.Time {
	at := map[partners.DeliveryState]*time.Time{
		partners.DeliverySent: d.Times.Sent, partners.DeliveryReceived: d.Times.Received, partners.DeliveryOpened: d.Times.Opened,
		partners.DeliveryAccepted: d.Times.Answered, partners.DeliveryDeclined: d.Times.Answered, partners.DeliveryQuestion: d.Times.Answered,
		partners.DeliveryDone: d.Times.Done, partners.DeliveryRemoved: d.Times.Removed,
	}[d.State]
	if at == nil {
		at = d.Times.Released
	}
	if at == nil {
		return time.Time{}
	}
	return *at
}
