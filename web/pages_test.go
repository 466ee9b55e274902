package web

import (
	"strings"
	"testing"
	"testing/fstest"
)

// pageSet parses a few templates; each is one file.
func pageSet(files map[string]string) (*pages, error) {
	in := fstest.MapFS{}
	for name, text := range files {
		in["templates/"+name+".html"] = &fstest.MapFile{Data: []byte(text)}
	}
	return parsePages(in)
}

func TestEachPageFillsItsOwnSlots(t *testing.T) {
	t.Parallel()
	p, err := pageSet(map[string]string{
		"layout_public": `{{define "layout_public"}}<title>{{.Slot "title"}}</title>{{.Slot "head"}}<main>{{.Slot "content"}}</main>{{end}}`,
		"part_page":     `{{define "title"}}Homeward{{end}}{{define "head"}}{{end}}{{define "mark"}}<b>{{.}}</b>{{end}}`,
		"one":           `{{define "title"}}One & only <{{.Name}}>{{end}}{{define "head"}}<link rel="x" href="/{{.Name}}">{{end}}{{define "content"}}1 {{template "mark" .Data}}{{end}}`,
		"two":           `{{define "content"}}2 {{template "mark" .Data}}{{end}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"one": `<title>One & only &lt;one&gt;</title><link rel="x" href="/one"><main>1 <b>&lt;i&gt;</b></main>`,
		"two": `<title>Homeward</title><main>2 <b>&lt;i&gt;</b></main>`,
	} {
		got, err := p.execute(layoutPublic, &Page{s: &Server{pages: p}, Name: name, Data: "<i>"})
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
	if _, err := p.execute(layoutPublic, &Page{s: &Server{pages: p}, Name: "three"}); err == nil {
		t.Error("a page that does not exist is rendered")
	}
}

func TestBrokenPagesStopTheStart(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]map[string]string{
		"a second time": {"one": `{{define "content"}}{{end}}{{define "row"}}{{end}}`, "two": `{{define "content"}}{{end}}{{define "row"}}{{end}}`},
		"no content":    {"one": `{{define "title"}}{{end}}`},
		"missing value": {"one": `{{define "content"}}{{if}}{{end}}`},
	} {
		if _, err := pageSet(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
