package rest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"
)

// specification is the contract as a test holds answers against it. It is read once.
var specification = sync.OnceValues(func() (*openapi3.T, error) {
	return openapi3.NewLoader().LoadFromData([]byte(contract))
})

func spec(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := specification()
	require.NoError(t, err)
	return doc
}

func TestContract_Valid(t *testing.T) {
	t.Parallel()
	require.NoError(t, spec(t).Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaPatternValidation()))
}

// routeOf finds the operation of a request; nil: the contract has none.
func routeOf(doc *openapi3.T, r *http.Request) (*routers.Route, map[string]string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, path := range doc.Paths.InMatchingOrder() {
		names := regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1)
		pattern := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, `([^/]+)`)
		values := regexp.MustCompile("^" + pattern + "$").FindStringSubmatch(r.URL.EscapedPath())
		operation := doc.Paths.Find(path).Operations()[method]
		if values == nil || operation == nil {
			continue
		}
		params := map[string]string{}
		for i, name := range names {
			params[name[1]] = values[i+1]
		}
		return &routers.Route{Spec: doc, Path: path, PathItem: doc.Paths.Find(path), Method: method, Operation: operation}, params
	}
	return nil, nil
}

// holdAgainstContract fails the test where the answer is not one that the contract has for the request.
func holdAgainstContract(t testing.TB, r *http.Request, sent []byte, a *answer) {
	t.Helper()
	require.Regexp(t, "^[0-9a-f]{16}$", a.Header.Get("X-Request-Id"))
	require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"))
	if r.Method == http.MethodOptions && a.Status == http.StatusNoContent {
		return // CORS is no operation
	}
	doc := spec(t)
	route, params := routeOf(doc, r)
	if a.Status >= 400 && r.Method != http.MethodHead {
		holdProblem(t, doc, a)
	}
	if route == nil {
		require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, a.Status, "%s %s", r.Method, r.URL)
		require.Equal(t, a.Status == http.StatusMethodNotAllowed, a.Header.Get("Allow") != "")
		return
	}
	where := fmt.Sprintf("%s %s: %d %s", r.Method, r.URL, a.Status, a.Body)
	holdHeaders(t, route.Operation, a, where)
	copied := httptest.NewRequest(route.Method, r.URL.String(), bytes.NewReader(sent))
	copied.Header = r.Header.Clone()
	request := &openapi3filter.RequestValidationInput{
		Request: copied, PathParams: params, Route: route, QueryParams: r.URL.Query(),
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if a.Status < 300 {
		require.NoError(t, openapi3filter.ValidateRequest(t.Context(), request), "accepted, but not by the contract: %s", where)
	}
	response := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: a.Status, Header: a.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: r.Method == http.MethodHead},
	}
	response.SetBodyBytes(a.Body)
	require.NoError(t, openapi3filter.ValidateResponse(t.Context(), response), where)
}

// holdProblem checks what the schema of an error cannot: that its parts say the same.
func holdProblem(t testing.TB, doc *openapi3.T, a *answer) {
	t.Helper()
	require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"), string(a.Body))
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	var value any
	a.decode(t, &value)
	require.NoError(t, doc.Components.Schemas["Problem"].Value.VisitJSON(value), string(a.Body))
	p := a.problem(t)
	require.Equal(t, a.Status, p.Status)
	require.Equal(t, a.Header.Get("X-Request-Id"), p.RequestID)
	require.Equal(t, map[int][]ProblemCode{
		400: {"BAD_REQUEST", "VALIDATION_FAILED"}, 401: {"UNAUTHORIZED"}, 403: {"FORBIDDEN"}, 404: {"NOT_FOUND"},
		405: {"METHOD_NOT_ALLOWED"}, 409: {"CONFLICT"}, 412: {"PRECONDITION_FAILED"}, 413: {"PAYLOAD_TOO_LARGE"},
		415: {"UNSUPPORTED_MEDIA_TYPE"}, 500: {"INTERNAL"}, 503: {"UNAVAILABLE"},
	}[a.Status][btoi(p.Code == "VALIDATION_FAILED")], p.Code)
	require.Equal(t, p.Code == "VALIDATION_FAILED", p.Errors != nil)
}

// holdHeaders checks that the contract names every header of the answer, also of a 304, which the filter passes over.
func holdHeaders(t testing.TB, operation *openapi3.Operation, a *answer, where string) {
	t.Helper()
	response := operation.Responses.Status(a.Status)
	require.NotNil(t, response, "not documented: %s", where)
	for name, header := range response.Value.Headers {
		values := a.Header.Values(name)
		require.Equal(t, header.Value.Required, header.Value.Required && len(values) > 0, "%s is missing: %s", name, where)
		if len(values) > 0 && header.Value.Schema.Value.Type.Is("string") {
			require.NoError(t, header.Value.Schema.Value.VisitJSONString(values[0]), "%s: %s", name, where)
		}
	}
	known := []string{"Content-Type", "Content-Length", "Date", "X-Content-Type-Options", "Connection"}
	for name := range a.Header {
		documented := slices.ContainsFunc(known, func(k string) bool { return k == name }) || strings.HasPrefix(name, "Access-Control-")
		for header := range response.Value.Headers {
			documented = documented || http.CanonicalHeaderKey(header) == name
		}
		require.True(t, documented, "%s is not documented: %s", name, where)
	}
	if a.Status == http.StatusNoContent || a.Status == http.StatusNotModified {
		require.Empty(t, a.Body, where)
	}
}

func gunzip(t testing.TB, compressed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	require.NoError(t, err)
	plain, err := io.ReadAll(r)
	require.NoError(t, err)
	return plain
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
