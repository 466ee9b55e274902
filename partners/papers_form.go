package partners

import (
	"context"
	"fmt"

	"homeward/alerts"
	"homeward/partners/pack"
)

// longestAnswer bounds one line of the form, in characters.
const longestAnswer = 4000

// FormAnswers are lines to write into the form; an empty value takes back what
// stood there.
type FormAnswers struct {
	Answers []pack.Answer `json:"answers"`
}

// Application returns the form as a recipient would get it: what is known goes
// in, and what is missing is listed.
func (d *Desk) Application(ctx context.Context, a alerts.Actor, matterID, recipient, lang string) (*pack.Filled, error) {
	w, err := d.paperwork(a, matterID, recipient, lang)
	if err != nil {
		return nil, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+matterID+"/application", w.seen(alerts.P0, alerts.P1, alerts.P3)...); err != nil {
		return nil, err
	}
	return w.fill(), nil
}

// WriteApplication writes lines into the form.
func (d *Desk) WriteApplication(ctx context.Context, a alerts.Actor, matterID string, in FormAnswers, r alerts.Request) error {
	return d.changePapers(ctx, a, "matter.paper", matterID, r, func(c *changingPapers) error {
		now := c.papers.answers()
		if len(c.papers.Answers)+len(in.Answers) > maxAnswers {
			c.Add("answers", "too_many", "These are too many.")
			return nil
		}
		for i, given := range in.Answers {
			field := fmt.Sprintf("answers[%d]", i)
			each, ok := c.data.HasField(given.Field)
			if !ok || each != (given.Of != "") || each && !hasChild(c.of, given.Of) {
				c.Add(field+".field", "unknown_value", "The form has no such line.")
				continue
			}
			c.text(field+".value", given.Value, longestAnswer, false)
			if stands(now, given) != given.Value {
				c.papers.Answers = append(c.papers.Answers, FormAnswer{Field: given.Field, Of: given.Of, Value: given.Value, By: a.ID, At: c.now})
			}
		}
		return nil
	})
}

func stands(now []pack.Answer, given pack.Answer) string {
	for _, a := range now {
		if a.Field == given.Field && a.Of == given.Of {
			return a.Value
		}
	}
	return ""
}

func hasChild(c *alerts.Case, id string) bool {
	for i := range c.Children {
		if c.Children[i].ID == id {
			return true
		}
	}
	return false
}
