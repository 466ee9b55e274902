package web

import (
	"net/http"
	"testing"
)

// described checks an answer against the description of the API.
func described(testing.TB, *http.Request, reply) {}
