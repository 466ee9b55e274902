package alerts

import (
	"fmt"
	"io"
	"reflect"
	"slices"
)

// children matches the sent children by id with those of the case, adds the new
// ones and takes off the ones to remove.
func (p *patching) children(sent []ChildPatch, random io.Reader) {
	if sent == nil {
		return
	}
	list := slices.Clone(p.Children)
	seen := map[string]bool{}
	for k := range sent {
		in, at := &sent[k], fmt.Sprintf("children[%d]", k)
		if in.ID != "" && seen[in.ID] {
			p.Add(at+".id", "twice", "This child is there twice.")
			continue
		}
		seen[in.ID] = true
		n := slices.IndexFunc(list, func(c Child) bool { return c.ID == in.ID })
		switch {
		case in.ID == "":
			list = append(list, p.newChild(at, in, random))
		case n < 0:
			p.Add(at+".id", "unknown_child", "This case has no child with this id.")
		case in.Remove:
			list = slices.Delete(list, n, n+1)
		default:
			list[n] = p.child(at, in, list[n])
		}
	}
	switch {
	case len(list) == 0:
		p.Add("children", "required", "A case has at least one child.")
	case len(list) > maxChildren:
		p.Add("children", "too_many", fmt.Sprintf("At most %d children.", maxChildren))
	}
	p.note("children", !reflect.DeepEqual(p.Children, list))
	p.Children = list
}

func (p *patching) newChild(at string, in *ChildPatch, random io.Reader) Child {
	c := p.child(at, in, Child{ID: NewID(random)})
	if len(c.Names) == 0 && c.Description == (Description{}) {
		p.Add(at, "required", "Give at least one name, or a description.")
	}
	return c
}

// child returns a child as a patch leaves it. Only what was sent is checked, so
// that an old record never stands in the way of a new fact.
func (p *patching) child(at string, in *ChildPatch, c Child) Child {
	text := func(field string, to *string, sent *string, limit int) {
		if sent != nil {
			*to = *sent
			p.text(at+field, to, limit)
		}
	}
	if in.Names != nil {
		c.Names = slices.Clone(*in.Names)
		p.names(at+".names", c.Names)
	}
	if in.Sex != nil {
		c.Sex = *in.Sex
		oneOf(&p.inspection, at+".sex", c.Sex, Sexes())
	}
	if in.BirthDate != nil {
		c.BirthDate = *in.BirthDate
		p.birth(at+".birth_date", c.BirthDate, p.LastSeen.At)
	}
	if in.Description != nil {
		c.Description = *in.Description
		p.description(at+".description", &c.Description)
	}
	text(".home", &c.Home, in.Home, maxLine)
	text(".needs", &c.Needs, in.Needs, maxNote)
	return c
}
