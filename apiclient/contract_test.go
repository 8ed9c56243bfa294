package apiclient_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"roster/apiclient"
)

func TestEveryRequestIsOfTheContract(t *testing.T) {
	validator := newValidator(t)
	server := httptest.NewServer(validator)
	defer server.Close()
	f, err := apiclient.NewFactory(apiclient.Options{
		TrackURL: server.URL + "/api/v9", FocusURL: server.URL + "/focus/api", RatePerSecond: 1e6, Burst: 1000, UserAgent: "roster-test",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range listedOperations(t) {
		words := strings.Fields(line)
		operation := words[0] + " " + words[1]
		t.Run(operation, func(t *testing.T) {
			call, ok := calls[operation]
			if !ok {
				t.Fatal("no call for this operation")
			}
			validator.reset()
			if err := call(t.Context(), f.Client(owner)); err != nil {
				t.Errorf("call: %v", err)
			}
			if got := validator.got(); len(got) != 1 || got[0] != operation {
				t.Errorf("sent %q", got)
			}
			for _, problem := range validator.problems() {
				t.Error(problem)
			}
		})
	}
	if len(calls) != len(listedOperations(t)) {
		t.Error("a call is of no operation")
	}
}

// A validator checks requests against both contracts and answers as emptily as
// the operation allows.
type validator struct {
	routers map[string]routers.Router

	mu      sync.Mutex
	seen    []string
	invalid []string
}

func newValidator(t *testing.T) *validator {
	v := &validator{routers: map[string]routers.Router{}}
	for api, prefix := range map[string]string{"track": "/api/v9", "focus": "/focus/api"} {
		document := loadContract(t, api)
		document.Servers = openapi3.Servers{{URL: prefix}}
		router, err := gorillamux.NewRouter(document)
		if err != nil {
			t.Fatal(err)
		}
		v.routers[api] = router
	}
	return v
}

func (v *validator) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen, v.invalid = nil, nil
}

func (v *validator) got() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.seen
}

func (v *validator) problems() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.invalid
}

func (v *validator) report(problem string) { v.invalid = append(v.invalid, problem) }

func (v *validator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	api, scheme := "track", "Basic "
	if strings.HasPrefix(r.URL.Path, "/focus/") {
		api, scheme = "focus", "Bearer "
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), scheme) {
		v.report("Authorization isn't " + scheme)
	}
	if r.UserAgent() != "roster-test" || r.Header.Get("Accept") != "application/json" {
		v.report("User-Agent or Accept is missing")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.report(err.Error())
	}
	if (r.Header.Get("Content-Type") != "") != (len(body) > 0) {
		v.report("Content-Type goes with a body, and only with one")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := v.routers[api].FindRoute(r)
	if err != nil {
		v.report(r.Method + " " + r.URL.Path + ": " + err.Error())
		http.NotFound(w, r)
		return
	}
	v.seen = append(v.seen, api+" "+route.Operation.OperationID)
	v.validate(r, route, params)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, emptyAnswer(route))
}

func (v *validator) validate(r *http.Request, route *routers.Route, params map[string]string) {
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		v.report(err.Error())
	}
	known := map[string]bool{}
	for _, parameter := range append(route.PathItem.Parameters, route.Operation.Parameters...) {
		known[parameter.Value.Name] = true
	}
	for name := range r.URL.Query() {
		if !known[name] {
			v.report("query parameter of no contract: " + name)
		}
	}
}

func emptyAnswer(route *routers.Route) string {
	success := route.Operation.Responses.Value("200")
	if success == nil {
		success = route.Operation.Responses.Value("201")
	}
	media := success.Value.Content.Get("application/json")
	if media == nil {
		return "OK"
	}
	if len(media.Schema.Value.OneOf) > 0 {
		return "[]"
	}
	return "{}"
}
