package partners

import (
	"slices"

	"homeward/alerts"
)

// KindDuty is the kind of the message that tells a duty officer that nobody at a
// partner has answered on any channel.
const KindDuty = "duty"

// Officers are the duty officers of the desk who can be told by e-mail.
func (d *Desk) Officers() []*alerts.Account {
	return slices.DeleteFunc(d.Desk.Board.Accounts(), func(acc *alerts.Account) bool {
		return acc.Role != alerts.RoleDutyOfficer || acc.Kind != alerts.KindPerson || acc.Email == "" || !acc.DisabledAt.IsZero()
	})
}

// tellDuty adds a message to each duty officer beside the task that has just been
// given to the desk. As the task is given once, so are they told once.
func (l *ladder) tellDuty(officers []*alerts.Account) {
	task := l.d.Tries[len(l.d.Tries)-1]
	if task.Channel != ChannelCoordinator || task.Kind != KindAlert {
		return
	}
	for _, acc := range officers {
		l.d.Tries = append(l.d.Tries, Try{
			Kind: KindDuty, Revision: task.Revision, Times: task.Times, Channel: ChannelEmail, Person: acc.ID, Due: task.Due, At: task.At, State: TryOpen,
		})
	}
}

// dutyWaits tells whether the desk's task is still to be done: nobody has opened
// the alert, and nobody at the desk has taken it.
func (l *ladder) dutyWaits(t *Try) bool {
	return !l.withdrawn() && !l.heard() && t.Revision == l.newest() && slices.ContainsFunc(l.tries(), func(o Try) bool {
		return o.Channel == ChannelCoordinator && o.State == TryOpen
	})
}

// toOfficer fills in who gets the message, false when that is nobody any more.
func (d *Desk) toOfficer(out *Dispatch, id string) bool {
	for _, acc := range d.Officers() {
		if acc.ID == id {
			out.To, out.Languages = acc.Email, []string{acc.Language}
			return true
		}
	}
	return false
}
