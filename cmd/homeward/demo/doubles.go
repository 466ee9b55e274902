package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
)

// double is a second case that looks like one of the story: somebody called who
// did not know that the desk knew already, or a child has a cousin's name.
type double struct {
	of, given, family, scriptOf, birth string
	ago                                time.Duration
	told                               string
	then                               func(context.Context, *searching, string) error
}

// planDoubles plans one case that is merged into the one it repeats, one that is
// judged to be of another child, and one that nobody has looked at yet.
func (t *teller) planDoubles() error {
	for _, one := range []double{
		{"petar", "Pera", "Pokaznić", "Latn", "", 20 * time.Hour, "A neighbour called: he has not seen the boy since yesterday and thinks that nobody is looking for him.", t.mergeDouble},
		{"lena", "Jelena", "Oglednić", "Latn", "2008", 44 * time.Hour, "Her school called: she has not come to the practice and her telephone is off.", t.judgeDouble},
		{"mila", "Мила", "Узорковић", "Cyrl", "", 90 * time.Minute, "A teacher called from another town. She gave the name and hung up.", nil},
	} {
		of := t.byKey(one.of)
		if of == nil {
			return fmt.Errorf("there is no case %q to look like", one.of)
		}
		at := t.now.Add(-one.ago)
		t.on(of, at, func(ctx context.Context) error { return t.openDouble(ctx, of, one) })
	}
	return nil
}

// openDouble opens the second case and does with it what the desk did.
func (t *teller) openDouble(ctx context.Context, of *searching, one double) error {
	child := of.children[0]
	at, place := t.now.Add(-one.ago), of.place.Point
	v, err := t.Desk.OpenCase(ctx, t.staff.operator, alerts.NewCase{
		Category: of.category, Circumstances: one.told, Draft: one.then == nil,
		Children: []alerts.NewChild{{
			Names: []alerts.Name{{Given: one.given, Family: one.family, Kind: "used", Script: one.scriptOf}}, Sex: child.sex, BirthDate: one.birth,
		}},
		LastSeen: alerts.NewLastSeen{At: at.Add(-6 * time.Hour), PrecisionMin: 120, Place: &place, AccuracyM: 3000, Label: of.place.NameLatn},
		Police:   alerts.NewPolice{ReportedAt: at.Add(-time.Hour), Unit: "Policijska uprava Primerovac", Reference: "DEMO-" + of.key + "-2"},
	}, alerts.Request{})
	if err != nil || one.then == nil {
		return err
	}
	return one.then(ctx, of, v.ID)
}

func (t *teller) mergeDouble(ctx context.Context, of *searching, id string) error {
	_, err := t.Desk.MergeCase(ctx, t.staff.jelena, id, alerts.MergeCase{Into: of.id, Reason: "The neighbour described the jacket and the school; the mother confirmed that he is called Pera at home."}, alerts.Request{})
	return err
}

func (t *teller) judgeDouble(ctx context.Context, of *searching, id string) error {
	_, err := t.Desk.SetCaseApart(ctx, t.staff.marko, id, alerts.NewApart{Of: "cases/" + of.id, Reason: "Her cousin, who is older; their grandmother confirmed that there are two girls."}, alerts.Request{})
	return err
}
