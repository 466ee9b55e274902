package alerts

import (
	"context"
	"slices"

	"homeward/journal"
)

// Together returns a case that the actor may know of and, after it, the ids of
// those merged into it that they may know of too: what hangs on any of them is
// worked on with the first. It stays where it was made, so that undoing a merge
// gives it back.
func (d *Desk) Together(a Actor, id string) []string {
	out := []string{id}
	for _, alias := range d.Board.MergedInto(id) {
		if _, err := d.VisibleCase(a, alias); err == nil {
			out = append(out, alias)
		}
	}
	return out
}

// Led returns the case on which a case is worked on: itself, or the one that it
// is merged into.
func (d *Desk) Led(v *journal.View, c *Case) (*Case, error) {
	if c.Merged == nil {
		return c, nil
	}
	return journal.Load[*Case](v, "cases", c.Merged.Into)
}

// mergedTasks are the tasks of the cases that are merged into one, each with
// where it comes from.
func (d *Desk) mergedTasks(a Actor, id string) []TaskView {
	var out []TaskView
	for _, other := range d.Together(a, id)[1:] {
		c, err := d.VisibleCase(a, other)
		if err != nil {
			continue
		}
		l := d.lensOn(a, c)
		if !l.sees(P10) {
			continue
		}
		for i := range c.Tasks {
			t := taskView(l, &c.Tasks[i])
			t.From, t.FromNumber = c.ID, c.CaseNumber
			out = append(out, t)
		}
	}
	return out
}

// recordMerged records that the tasks of merged cases are read with their case.
func (d *Desk) recordMerged(ctx context.Context, a Actor, id string) error {
	for _, other := range d.Together(a, id)[1:] {
		if c, err := d.VisibleCase(a, other); err == nil && len(c.Tasks) > 0 {
			if err := d.Reads.Record(ctx, a, "cases/"+other+"/tasks", d.taskClasses(a, c)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Desk) taskClasses(a Actor, c *Case) []Class {
	l := d.lensOn(a, c)
	return slices.DeleteFunc([]Class{P3, P10}, func(class Class) bool { return !l.sees(class) })
}

// holds returns the case that holds a task which is worked on with another: that
// one, or one that is merged into it.
func (d *Desk) holds(a Actor, caseID, taskID string) string {
	for _, id := range d.Together(a, caseID) {
		if c, err := d.VisibleCase(a, id); err == nil && slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.ID == taskID }) {
			return id
		}
	}
	return caseID
}

// changeTasks is changeCase for the tasks of a case, which may be merged into
// another one: then that one has to be open for work.
func (d *Desk) changeTasks(ctx context.Context, a Actor, act, caseID, holder string, r Request, rule func(*journal.View, *Case) ([]journal.Document, error)) (CaseView, error) {
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.loadAlias(v, a, holder)
		if err != nil {
			return journal.Outcome{}, err
		}
		lead, err := d.Led(v, c)
		if err != nil {
			return journal.Outcome{}, err
		}
		if lead.ID != caseID {
			return journal.Outcome{}, c.Working() // the merge is undone, or this is the alias
		}
		if err := workable(lead); err != nil {
			return journal.Outcome{}, err
		}
		documents, err := rule(v, c)
		return journal.Outcome{Documents: documents}, err
	})
	if err != nil {
		return CaseView{}, err
	}
	return d.caseNow(ctx, a, caseID)
}
