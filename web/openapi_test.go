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
	"github.com/getkin/kin-openapi/routers/legacy"
)

var update = flag.Bool("update", false, "write openapi.json from openapi.yaml")

// contract is the description of the API, ready to check answers.
var contract = sync.OnceValue(func() (c struct {
	doc    *openapi3.T
	router routers.Router
}) {
	openapi3filter.RegisterBodyDecoder(mimeGeoJSON, openapi3filter.JSONBodyDecoder)
	c.doc = must(openapi3.NewLoader().LoadFromData(openAPIJSON))
	c.router = must(legacy.NewRouter(c.doc))
	return c
})

// described fails the test unless the description of the API allows an answer.
func described(t testing.TB, r *http.Request, got reply) {
	t.Helper()
	route, params, err := contract().router.FindRoute(r)
	if err != nil {
		if got.status != http.StatusNotFound {
			t.Errorf("%s answers %d and is not described: %v", got.what, got.status, err)
		}
		return
	}
	kind := got.header.Get("Content-Type")
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
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
