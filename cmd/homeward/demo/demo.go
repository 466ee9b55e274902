package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// Parts are what the demonstration is loaded into: an empty installation whose
// parts all tell the time by Clock.
type Parts struct {
	Desk  *partners.Desk
	Door  *alerts.Door
	Clock *Clock
}

// Link is a one-time sign-in code for an account of the demonstration. Whoever
// uses it sets the account's password.
type Link struct {
	Role alerts.Role
	Name string
	Code string
}

// Loaded is what somebody needs to look around.
type Loaded struct {
	Links []Link
	// Token is the API key of a partner organisation that covers all of Serbia.
	Token string
	// FollowCode is the code of a family that follows its report.
	FollowCode string
}

// past is how long ago the cases begin that the desk works on: before the oldest
// of them is opened. What the last calendar year left behind is older.
const past = 125 * 24 * time.Hour

// teller holds what the parts of the story share.
type teller struct {
	Parts
	story
	now    time.Time // when the story ends
	towns  towns
	staff  staff
	bodies []organisation
	offices
	cases []*searching
	texts []wording
	wear  [][]string
}

// Load fills the installation. It takes a few seconds and prints nothing. When
// it fails, what it had written stays: the caller throws all of it away.
func Load(ctx context.Context, p Parts) (Loaded, error) {
	t := &teller{Parts: p, now: p.Clock.Now().UTC().Truncate(time.Minute)}
	defer p.Clock.run()
	var err error
	if t.towns, err = loadTowns(); err != nil {
		return Loaded{}, err
	}
	for _, step := range []func(context.Context) error{t.lastYear, t.enterPartners, t.enterInstitutions, t.plan} {
		if err := step(ctx); err != nil {
			return Loaded{}, fmt.Errorf("prepare the demonstration: %w", err)
		}
	}
	t.between = t.keepAsking
	if err := t.tell(ctx, p.Clock, t.now); err != nil {
		return Loaded{}, fmt.Errorf("tell the demonstration's story: %w", err)
	}
	for _, step := range []func(context.Context) error{t.handOver, t.practise} {
		if err := step(ctx); err != nil {
			return Loaded{}, err
		}
	}
	p.Clock.run()
	return t.open(ctx)
}

// plan writes down everything that will have happened.
func (t *teller) plan(context.Context) error {
	for _, step := range []func() error{t.planCases, t.planSightings, t.planCalls, t.planExchange, t.planReports, t.planMatters, t.planInquiries, t.planReferrals, t.planConferences, t.planComparing, t.planSearch, t.planPublication, t.planParents, t.planWork, t.planDoubles} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// open makes the ways in, which begin to run out now.
func (t *teller) open(ctx context.Context) (Loaded, error) {
	var out Loaded
	admin := t.staff.administrator
	for _, m := range t.staff.all {
		in, err := t.Desk.InviteAccount(ctx, admin, m.ID, alerts.Request{})
		if err != nil {
			return out, fmt.Errorf("invite to the demonstration: %w", err)
		}
		out.Links = append(out.Links, Link{m.Role, m.Name, in.Invitation.Code})
	}
	key, err := t.Desk.CreateKey(ctx, admin, t.bodies[0].id, partners.NewKey{Name: "demonstration"}, alerts.Request{})
	if err != nil {
		return out, fmt.Errorf("make a partner's key: %w", err)
	}
	out.Token, out.FollowCode = key.Token, t.followCode()
	return out, nil
}
