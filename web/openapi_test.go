package web

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

var update = flag.Bool("update", false, "write openapi.json from openapi.yaml")

// contract is the description of the API, ready to check answers.
var contract = sync.OnceValue(func() (c struct {
	doc   *openapi3.T
	paths []pathPattern
}) {
	openapi3filter.RegisterBodyDecoder(mimeGeoJSON, openapi3filter.JSONBodyDecoder)
	c.doc = must(openapi3.NewLoader().LoadFromData(openAPIJSON))
	placeholder := regexp.MustCompile(`\\\{\w+\\\}`)
	for path := range c.doc.Paths.Map() {
		c.paths = append(c.paths, pathPattern{path, regexp.MustCompile("^" + placeholder.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")})
	}
	return c
})

// pathPattern is a path of the description with the paths that it stands for.
type pathPattern struct {
	path string
	is   *regexp.Regexp
}

// routeFor finds what the description says about a request, nil for nothing.
func routeFor(r *http.Request) *routers.Route {
	c := contract()
	path := strings.TrimPrefix(r.URL.Path, apiPrefix)
	for _, p := range c.paths {
		item := c.doc.Paths.Value(p.path)
		if operation := item.GetOperation(r.Method); operation != nil && p.is.MatchString(path) {
			return &routers.Route{Spec: c.doc, Path: p.path, PathItem: item, Method: r.Method, Operation: operation}
		}
	}
	return nil
}

// described fails the test unless the description of the API allows an answer.
func described(t testing.TB, r *http.Request, got reply) {
	t.Helper()
	route := routeFor(r)
	if route == nil {
		if got.status != http.StatusNotFound && got.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s answers %d and is not described", got.what, got.status)
		}
		return
	}
	kind := got.header.Get("Content-Type")
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route},
		Status:                 got.status, Header: got.header,
		Options: &openapi3filter.Options{ExcludeResponseBody: !strings.Contains(kind, "json"), IncludeResponseStatus: true},
	}
	in.SetBodyBytes(got.body)
	if err := openapi3filter.ValidateResponse(context.Background(), in); err != nil {
		t.Errorf("%s: the answer %d is not as described: %v", got.what, got.status, err)
	}
	response := route.Operation.Responses.Status(got.status)
	if response == nil {
		response = route.Operation.Responses.Default()
	}
	plain, _, _ := strings.Cut(kind, ";")
	if len(response.Value.Content) > 0 && response.Value.Content[plain] == nil {
		t.Errorf("%s: answers %d as %q, which is not described", got.what, got.status, plain)
	}
}

func TestDescriptionIsValid(t *testing.T) {
	t.Parallel()
	doc := contract().doc
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestDescriptionIsThatOfTheYAML(t *testing.T) {
	t.Parallel()
	yaml := must(os.ReadFile("openapi/openapi.yaml"))
	want := must(must(openapi3.NewLoader().LoadFromData(yaml)).MarshalJSON())
	if *update {
		if err := os.WriteFile("openapi/openapi.json", append(want, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, bytes.TrimSpace(openAPIJSON)) {
		t.Error("openapi.json is not that of openapi.yaml; run: go test ./web -run TestDescriptionIsThatOfTheYAML -update")
	}
}

// TestEveryRouteIsDescribed compares the router with the description, both ways.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	parameter := regexp.MustCompile(`:(\w+)`)
	var served []string
	for _, r := range s.App().GetRoutes(true) {
		if path, ok := strings.CutPrefix(r.Path, apiPrefix); ok {
			served = append(served, r.Method+" "+parameter.ReplaceAllString(path, "{$1}"))
		}
	}
	var written []string
	for path, item := range contract().doc.Paths.Map() {
		for method := range item.Operations() {
			written = append(written, method+" "+path)
		}
	}
	for _, name := range served {
		if !slices.Contains(written, name) {
			t.Errorf("%s is served and not described", name)
		}
	}
	for _, name := range written {
		if !slices.Contains(served, name) {
			t.Errorf("%s is described and not served", name)
		}
	}
}

func TestAsyncDescription(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.as("public").get("/asyncapi.json").want(200)
	if r.text("asyncapi") != "3.0.0" {
		t.Error("not AsyncAPI 3")
	}
	// Every reference leads somewhere, here or in openapi.json.
	var open, async any
	if err := json.Unmarshal(openAPIJSON, &open); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(asyncAPIJSON, &async); err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"\$ref": "([^#"]*)#/([^"]*)"`).FindAllStringSubmatch(string(asyncAPIJSON), -1) {
		at := async
		if m[1] != "" {
			at = open
		}
		for _, part := range strings.Split(m[2], "/") {
			o, _ := at.(map[string]any)
			at = o[part]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", m[0])
		}
	}
}
