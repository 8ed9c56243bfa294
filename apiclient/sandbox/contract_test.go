package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// contracts are the two OpenAPI documents, with the sandbox's base paths.
var contracts = map[string]*openapi3.T{
	apiTrack: loadContract("../testdata/contracts/track.openapi.json", trackPath),
	apiFocus: loadContract("../testdata/contracts/focus.openapi.json", focusPath),
}

var contractRouters = map[string]routers.Router{
	apiTrack: routerOf(contracts[apiTrack]),
	apiFocus: routerOf(contracts[apiFocus]),
}

func loadContract(path, base string) *openapi3.T {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		panic(err)
	}
	doc.Servers = openapi3.Servers{{URL: base}}
	doc.Security = nil
	return doc
}

func routerOf(doc *openapi3.T) routers.Router {
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		panic(err)
	}
	return router
}

// A tester sends requests to a sandbox and validates each answer against the
// contracts.
type tester struct {
	*testing.T
	server *Server
}

func newTester(t *testing.T, options Options) *tester {
	t.Helper()
	return &tester{t, New(options)}
}

// A sent request: path with its base, credentials by persona and path.
func (t *tester) send(who Persona, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if apiOf(path) == apiFocus {
		r.Header.Set("Authorization", "Bearer "+who.FocusKey)
	} else {
		r.SetBasicAuth(who.APIToken, "api_token")
	}
	return t.do(r)
}

func (t *tester) owner(method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	return t.send(t.server.Owner(), method, path, body)
}

func (t *tester) do(r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	t.server.ServeHTTP(w, r)
	t.validate(r, w)
	return w
}

// undocumented answers are known of the services, but not in the contracts.
func undocumented(operation string, status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusMethodNotAllowed:
		return true
	case http.StatusForbidden:
		return slices.Contains([]string{"ListGroups", "ResendInvitation"}, operation)
	}
	return false
}

func (t *tester) validate(r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	route, params, err := contractRouters[apiOf(r.URL.Path)].FindRoute(r)
	if err != nil {
		if w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s %s: %d, but the contract has no such operation", r.Method, r.URL, w.Code)
		}
		return
	}
	if undocumented(route.Operation.OperationID, w.Code) && route.Operation.Responses.Status(w.Code) == nil {
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
		t.Errorf("%s %s: answer breaks the contract: %v\n%.500s", r.Method, r.URL, err, w.Body)
	}
}
