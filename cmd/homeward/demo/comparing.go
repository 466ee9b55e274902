package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// planComparing plans that the desk compares with a hotline abroad, which holds a
// child of an open case too; nobody here has answered yet.
func (t *teller) planComparing() error {
	of := t.byKey("elena")
	if of == nil {
		return fmt.Errorf("there is no case %q to compare", "elena")
	}
	t.on(of, latest(t.now.Add(-2*24*time.Hour), of.opened.Add(time.Hour)), func(ctx context.Context) error { return t.compareWithAbroad(ctx, of) })
	return nil
}

func (t *teller) compareWithAbroad(ctx context.Context, of *searching) error {
	abroad := t.body("Asociația Exemplul de Copil")
	made, err := t.Desk.ProposeComparison(ctx, t.staff.jelena, abroad, partners.NewComparison{
		Purpose: "To find the children whom both hotlines look for, so that one family does not have two plans.",
		Basis:   "Agreement of the two hotlines, annex on comparing.",
	}, alerts.Request{})
	if err != nil {
		return err
	}
	if _, err := t.Desk.ApproveComparison(ctx, t.staff.duty, abroad, alerts.Request{}); err != nil {
		return err
	}
	c, ok := t.Desk.Board.Case(of.id)
	if !ok {
		return fmt.Errorf("there is no case %q", of.key)
	}
	token, _ := partners.CompareToken(made.Secret)
	asked := partners.CompareRequest{Hashes: partners.CompareHashes(made.Secret, c.Children[0])}
	for _, other := range []string{"Ioana", "Matei", "Andrei"} { // children whom only they hold
		child := alerts.Child{Names: []alerts.Name{{Given: other, Family: "Exemplariu"}}, BirthDate: "2013-04-05"}
		asked.Hashes = append(asked.Hashes, partners.CompareHashes(made.Secret, child)...)
	}
	answer, err := t.Desk.AnswerCompare(ctx, token, asked)
	if err == nil && len(answer.Held) == 0 {
		err = errors.New("the child of the demonstration is not found to be held by both")
	}
	return err
}

// body is the id of the organisation of a name.
func (t *teller) body(name string) string {
	for _, o := range t.bodies {
		if o.name == name {
			return o.id
		}
	}
	return ""
}
