package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// NewApart says that a record is not about the child of another one. Of names
// it, such as "cases/ID"; the reason is optional.
type NewApart struct {
	Of     string `json:"of"`
	Reason string `json:"reason,omitempty"`
}

// ApartBack takes such a judgement back.
type ApartBack struct {
	Of string `json:"of"`
}

func (in *NewApart) validate() Fields {
	i := &inspection{}
	i.pairOf(in.Of)
	i.text("reason", &in.Reason, maxNote)
	return i.Fields
}

func (in *ApartBack) validate() Fields {
	i := &inspection{}
	i.pairOf(in.Of)
	return i.Fields
}

func (i *inspection) pairOf(of string) {
	kind, id, _ := strings.Cut(of, "/")
	if kind != "cases" && kind != "contacts" || id == "" || len(id) > 64 {
		i.Add("of", "unknown_value", "Name a record such as cases/ID.")
	}
}

// SetCaseApart judges that a case and another record are not about the same
// child. Both hold the judgement; it stands until it is taken back.
func (d *Desk) SetCaseApart(ctx context.Context, a Actor, id string, in NewApart, r Request) (AlikeView, error) {
	if err := d.setApart(ctx, a, "cases/"+id, in, r); err != nil {
		return AlikeView{}, err
	}
	return d.AlikeCase(ctx, a, id)
}

// SetContactApart is SetCaseApart for a contact and a case.
func (d *Desk) SetContactApart(ctx context.Context, a Actor, id string, in NewApart, r Request) (AlikeView, error) {
	if err := d.setApart(ctx, a, "contacts/"+id, in, r); err != nil {
		return AlikeView{}, err
	}
	return d.AlikeContact(ctx, a, id)
}

// CaseApartBack takes back that a case and another record are not about the same
// child. That nobody had said so is no error.
func (d *Desk) CaseApartBack(ctx context.Context, a Actor, id string, in ApartBack, r Request) (AlikeView, error) {
	if err := d.apartBack(ctx, a, "cases/"+id, in, r); err != nil {
		return AlikeView{}, err
	}
	return d.AlikeCase(ctx, a, id)
}

// ContactApartBack is CaseApartBack for a contact and a case.
func (d *Desk) ContactApartBack(ctx context.Context, a Actor, id string, in ApartBack, r Request) (AlikeView, error) {
	if err := d.apartBack(ctx, a, "contacts/"+id, in, r); err != nil {
		return AlikeView{}, err
	}
	return d.AlikeContact(ctx, a, id)
}

func (d *Desk) setApart(ctx context.Context, a Actor, key string, in NewApart, r Request) error {
	if err := d.may(a, "known.apart"); err != nil {
		return err
	}
	if err := d.seesRecord(ctx, a, key); err != nil {
		return err
	}
	if err := in.validate().Err(); err != nil {
		return err
	}
	return d.changePair(ctx, a, key, in.Of, r, func(side *apartSide, other string, now time.Time) error {
		if len(side.list) >= maxApart {
			return Errorf(TooMany, "This record takes no more judgements.")
		}
		if !apart(side.list, other) {
			side.list = append(slices.Clone(side.list), Apart{Of: other, By: a.ID, At: now, Reason: in.Reason})
		}
		return nil
	})
}

func (d *Desk) apartBack(ctx context.Context, a Actor, key string, in ApartBack, r Request) error {
	if err := d.may(a, "known.apart"); err != nil {
		return err
	}
	if err := d.seesRecord(ctx, a, key); err != nil {
		return err
	}
	if err := in.validate().Err(); err != nil {
		return err
	}
	return d.changePair(ctx, a, key, in.Of, r, func(side *apartSide, other string, _ time.Time) error {
		side.list = withoutApart(side.list, other)
		return nil
	})
}

func withoutApart(list []Apart, of string) []Apart {
	return slices.DeleteFunc(slices.Clone(list), func(p Apart) bool { return p.Of == of })
}

// seesRecord refuses a record that the actor may not know of as if it were not
// there.
func (d *Desk) seesRecord(ctx context.Context, a Actor, key string) error {
	kind, id, _ := strings.Cut(key, "/")
	if kind == "contacts" {
		_, _, err := d.visibleContact(ctx, a, id)
		return err
	}
	c, err := d.VisibleCase(a, id)
	if err == nil && !d.seesClass(a, P1)(c) {
		err = coded(fmt.Errorf("case %s: %w", id, journal.ErrNotFound))
	}
	return err
}

// changePair changes what two records say about each other, in one change. The
// actor has to see both.
func (d *Desk) changePair(ctx context.Context, a Actor, key, of string, r Request, rule func(side *apartSide, other string, now time.Time) error) error {
	var f Fields
	switch {
	case key == of:
		f.Add("of", "same_case", "This is the record itself.")
	case strings.HasPrefix(key, "contacts/") && strings.HasPrefix(of, "contacts/"):
		f.Add("of", "unknown_value", "Name a case.")
	case d.seesRecord(ctx, a, of) != nil:
		f.Add("of", "unknown_case", "There is no such record that you can see.")
	}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := d.Do(ctx, a, "known.apart", r, func(v *journal.View) (journal.Outcome, error) {
		var out journal.Outcome
		for _, pair := range [2][2]string{{key, of}, {of, key}} {
			side, err := d.apartSide(v, a, pair[0])
			if err != nil {
				return out, err
			}
			had := len(side.list)
			if err := rule(side, pair[1], v.Now); err != nil {
				return out, err
			}
			if len(side.list) != had {
				out.Documents = append(out.Documents, side.with(side.list))
			}
		}
		return out, nil
	})
	return err
}

// apartSide is one of the two records of a judgement, ready to be changed.
type apartSide struct {
	list []Apart
	with func([]Apart) journal.Document
}

// apartSide reads one of the two records.
func (d *Desk) apartSide(v *journal.View, a Actor, key string) (*apartSide, error) {
	kind, id, _ := strings.Cut(key, "/")
	if kind == "contacts" {
		ct, err := journal.Load[*Contact](v, "contacts", id)
		if err != nil {
			return nil, err
		}
		return &apartSide{ct.NotSame, func(list []Apart) journal.Document {
			next := *ct
			next.NotSame = list
			return &next
		}}, nil
	}
	c, err := d.loadAlias(v, a, id)
	if err != nil {
		return nil, err
	}
	if c.State == StateSealed || c.State == StateErased {
		return nil, Errorf(Conflict, "The case is %s and cannot be changed.", stateWords(c.State))
	}
	return &apartSide{c.NotSame, func(list []Apart) journal.Document {
		next := *c
		next.NotSame = list
		next.edited(a, v.Now, "not_same")
		return &next
	}}, nil
}
