package main

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// channelSocket is how the ledger names what goes over a websocket.
const channelSocket = "websocket"

// feed is what the live feeds read and report to: the desk, its board and the
// gathered receipts.
type feed struct {
	desk     *partners.Desk
	receipts *partners.Receipts
	// address is the installation's, for links.
	address string
}

func (f *feed) board() *partners.Board { return f.desk.PartnerBoard() }

// Address makes told right for a partner before anything is sent to it.
func (f *feed) Address(ctx context.Context, a alerts.Actor) error {
	if partners.IsLoopback(a.Partner) {
		return nil // the self-test has said whom it is for
	}
	return f.desk.SettlePartner(ctx, a.Partner)
}

// Owed, Unconfirmed and Look are the board's.
func (f *feed) Owed(partner string, after uint64) []partners.Item {
	return f.board().Owed(partner, after)
}

// Unconfirmed is the board's.
func (f *feed) Unconfirmed(partner string) []partners.Item { return f.board().Unconfirmed(partner) }

// Look is the board's.
func (f *feed) Look(partner, alertID string) (partners.Item, bool) {
	return f.board().Look(partner, alertID)
}

// Waiting is the desk's.
func (f *feed) Waiting(a alerts.Actor) []partners.WaitingReferral { return f.desk.WaitingReferrals(a) }

// Invitations is the desk's.
func (f *feed) Invitations(a alerts.Actor) []partners.WaitingReferral {
	return f.desk.WaitingInvitations(a)
}

// ConferencePage is where a partner's people answer an invitation.
func (f *feed) ConferencePage(id string) string { return f.address + "/partner/conferences/" + id }

// ReferralPage is where a partner's people answer a referral.
func (f *feed) ReferralPage(id string) string { return f.address + "/partner/referrals/" + id }

// Through is the desk's.
func (f *feed) Through(a alerts.Actor, it partners.Item) (partners.Item, bool) {
	return f.desk.Through(a, it)
}

// Alert renders what a partner gets of an alert.
func (f *feed) Alert(it partners.Item) (alerts.PartnerAlert, error) {
	if al, ok := f.board().DrillAlert(it.AlertID); ok {
		v := alerts.PartnerAlertOf(al, al.Current(), f.links(al))
		v.Drill = true
		return v, nil
	}
	al, ok := f.desk.Board.Alert(it.AlertID)
	if !ok || al.State != alerts.AlertLive || al.Current() == nil {
		return alerts.PartnerAlert{}, fmt.Errorf("alert %s: %w", it.AlertID, journal.ErrNotFound)
	}
	return alerts.PartnerAlertOf(al, al.Current(), f.links(al)).AddressedFrom(al, it.From), nil
}

func (f *feed) links(al *alerts.Alert) alerts.Links {
	l := alerts.Links{
		CAP:   f.address + "/api/v1/alerts/" + al.ID + "/cap.xml",
		Page:  f.address + "/partner/alerts/" + al.ID,
		Photo: f.address + "/partner/alerts/" + al.ID + "/photo",
	}
	if r := al.Current(); al.Slug != "" && r != nil && r.Level.IsPublic() {
		l.Poster = f.address + "/appeals/" + al.Slug + "/poster.pdf"
	}
	return l
}

// Withdrawal gives the CAP identity of the end of an alert.
func (f *feed) Withdrawal(partner string, it partners.Item) (partners.Withdrawal, error) {
	return f.board().Withdrawal(partner, it)
}

// Sent and Received gather receipts.
func (f *feed) Sent(partner, alertID string, revision int, at time.Time) {
	if !partners.IsLoopback(partner) {
		f.receipts.Sent(partner, alertID, revision, channelSocket, at)
	}
}

// Received gathers a receipt.
func (f *feed) Received(partner, alertID string, revision int, at time.Time) {
	f.receipts.Received(partner, alertID, revision, channelSocket, at)
}

// Act carries out what a partner's people say.
func (f *feed) Act(ctx context.Context, a alerts.Actor, what, alertID string, in partners.Act) error {
	acts := map[string]func(context.Context, alerts.Actor, string, partners.Act, alerts.Request) (partners.DeliveryView, error){
		"opened": f.desk.Opened, "answer": f.desk.Answer, "done": f.desk.Done, "removed": f.desk.Removed,
	}
	_, err := acts[what](ctx, a, alertID, in, alerts.Request{})
	return err
}

// MayHear tells whether a change of a document may be named to a viewer.
func (f *feed) MayHear(a alerts.Actor, k journal.Key) (caseID string, ok bool) {
	return f.desk.MayHear(a, k)
}

// Concerned is the board's.
func (f *feed) Concerned(batch []journal.Installed) []string { return f.board().Concerned(batch) }

// stillMay tells whether an open connection's key and organisation are good.
// Sessions and accounts end through the door.
func (f *feed) stillMay(a alerts.Actor) bool {
	if partners.IsLoopback(a.Partner) {
		return true
	}
	if a.Kind == alerts.KindPartner {
		return f.desk.KeyStands(a.Partner, a.Session)
	}
	return a.Partner == "" || f.desk.PartnerStands(a.Partner)
}
