package web

import (
	"net/url"
	"strconv"
	"strings"
)

// collide brings two people's work together on the form: what only the other
// touched is taken over, what this one typed stays and is named.
func (s *Server) collide(d *caseEditData, was url.Values, version int) {
	for _, e := range d.Case.Edits {
		if e.Version > version {
			d.Collisions = append(d.Collisions, e)
		}
	}
	now := s.caseForm(&d.Case)
	d.Was = now.Values.Encode()
	typed := d.Form.Values
	base, mine, theirs := byChild(was), byChild(typed), byChild(now.Values)
	for k, v := range mine {
		switch {
		case strings.HasSuffix(k, ".count"):
		case v == base[k]: // untouched here: theirs stands
		case !strings.Contains(k, ".") && now.Values[k] == nil: // the form's own
			now.Values[k] = typed[k]
		default:
			if theirs[k] != base[k] && theirs[k] != v {
				d.Theirs = append(d.Theirs, collision{onForm(k, now), theirs[k]})
			}
			now.Set(onForm(k, now), v)
		}
	}
	now.Values["risk.factors"] = typed["risk.factors"]
	now.tidyChildren()
	d.Form = now
}

// byChild names the fields of a form by the children's ids in place of their
// positions, which another person may have changed.
func byChild(values url.Values) map[string]string {
	out := map[string]string{}
	for k := range values {
		out[childKey(k, values)] = strings.TrimSpace(values.Get(k))
	}
	return out
}

func childKey(k string, values url.Values) string {
	at, rest, ok := strings.Cut(k, "]")
	if !ok || !strings.HasPrefix(at, "children[") {
		return k
	}
	id := values.Get(at + "].id")
	if id == "" {
		id = "new" + strings.TrimPrefix(at, "children[")
	}
	return "children{" + id + "}" + rest
}

// onForm is the name of a child's field on a form; a child that is not on it is
// added at its end.
func onForm(k string, f *Form) string {
	at, rest, ok := strings.Cut(k, "}")
	if !ok {
		return k
	}
	id := strings.TrimPrefix(at, "children{")
	n := f.count("children", formChildren)
	for i := range n {
		if f.Get(childPath(i)+".id") == id || f.Get(childPath(i)+".mark") == id {
			f.grow(childPath(i), rest)
			return childPath(i) + rest
		}
	}
	f.setCount("children", n+1)
	f.Set(childPath(n)+".mark", id)
	f.grow(childPath(n), rest)
	return childPath(n) + rest
}

// grow makes room for a name that is beyond those on the form.
func (f *Form) grow(child, rest string) {
	if at, _, ok := strings.Cut(strings.TrimPrefix(rest, ".names["), "]"); ok && strings.HasPrefix(rest, ".names[") {
		if k, err := strconv.Atoi(at); err == nil && k+1 > f.count(child+".names", formNames) {
			f.setCount(child+".names", k+1)
		}
	}
}
