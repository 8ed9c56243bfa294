package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

// TestRolesRefusals: every status and message of the call, at its place.
func TestRolesRefusals(t *testing.T) {
	body := func(words string) string {
		return `{"error":"some_code","error_description":` + jsonString(words) + `,"trace_id":"trace-77"}`
	}
	tests := []struct {
		name    string
		failure sandbox.Failure
		status  int
		title   string
		words   []string
	}{
		{"400", sandbox.Failure{Status: 400, Body: body("Invalid request")}, http.StatusUnprocessableEntity, "Toggl refused this", []string{"Invalid request", "trace-77"}},
		{"401", sandbox.Failure{Status: 401, Body: body("the provided API key is invalid")}, http.StatusForbidden, "Toggl Focus refused the API key", []string{"replaced by a newer one", "trace-77"}},
		{"403", sandbox.Failure{Status: 403, Body: body("User does not have access to the organization")}, http.StatusForbidden, "You are not allowed to see this", []string{"User does not have access to the organization", "trace-77"}},
		{"500", sandbox.Failure{Status: 500, Body: body("Server error")}, http.StatusBadGateway, "Toggl couldn't answer", []string{"trace-77"}},
		{"402", sandbox.Failure{Status: 402, Body: body("You have hit your hourly limit for API calls."), Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"600"}}}, http.StatusPaymentRequired, "Toggl's hourly limit is used up", []string{"It comes back at"}},
		{"429", sandbox.Failure{Status: 429, Body: body("Too many requests"), Header: http.Header{"Retry-After": {"120"}}}, http.StatusTooManyRequests, "Toggl is limiting requests", []string{"Too many requests"}},
		{"no JSON", sandbox.Failure{Body: "<html>"}, http.StatusBadGateway, "Toggl couldn't answer", []string{"could not be understood"}},
		{"cut", sandbox.Failure{Cut: true, Body: "[{"}, http.StatusBadGateway, "Toggl couldn't answer", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := withFocus(t)
			tt.failure.API, tt.failure.Operation, tt.failure.Times = "focus", "ListRoles", -1
			a.upstream.Script(tt.failure)
			paths := []string{"", "/comparison?role=15", "/permissions"}
			if tt.status == http.StatusBadGateway {
				paths = paths[:1] // what is tried again takes its time
			}
			for _, path := range paths {
				got := a.get(a.roles(path)).want(tt.status)
				if got.text("#problem h1") != tt.title {
					t.Errorf("%s: %q, want %q", path, got.text("#problem h1"), tt.title)
				}
				got.has("#problem", tt.words...)
				fragment := a.getFragment(a.roles(path), a.roles("")).want(tt.status)
				if fragment.header.Get("HX-Retarget") != "#flash" {
					t.Errorf("%s: the failure lands in %q", path, fragment.header.Get("HX-Retarget"))
				}
			}
			if d := a.download(a.roles("/comparison.csv?role=15")); d.status != tt.status || d.records != nil {
				t.Errorf("the file: status %d", d.status)
			}
		})
	}
}

// TestRolesRefusedOfItself: what the sandbox says by its own rules.
func TestRolesRefusedOfItself(t *testing.T) {
	a := withFocus(t)
	got := a.get("/orgs/77/roles").want(http.StatusForbidden)
	got.has("#problem", "You are not allowed to see this", "User does not have access to the organization", "from Toggl")
	a = signedIn(t)
	a.get("/orgs/77/roles").want(http.StatusForbidden).has("#problem", "User does not have access to the organization")
	a.get("/orgs/x/roles").want(http.StatusNotFound)
}

// TestHostileRoles: what the API calls things is text like any other, on every
// page and in the file.
func TestHostileRoles(t *testing.T) {
	const plain = "Plain"
	body := func(text string) string {
		q := jsonString(text)
		role := func(id string, condition string) string {
			return `{"role_id":` + id + `,"code":` + q + `,"name":` + q + `,"description":` + q + `,"entity":` + q + `,"type":` + q +
				`,"privilege_level":-3,"organization_id":7,"permissions":[{"permission_id":0,"name":` + q + `,"description":` + q + `,"entity":` + q + `,"condition":` + condition + `}]}`
		}
		return "[" + role("1", q) + "," + role("2", "null") + "]"
	}
	elements := func(a *app, text string) []int {
		a.answersRoles(body(text))
		var counts []int
		key := escape(text + ":" + text)
		for _, path := range []string{"", "/comparison?role=1&role=2", "/permissions", "/permissions?permission=" + key, "/permissions?role=1"} {
			got := a.get(a.roles(path)).want(http.StatusOK)
			counts = append(counts, got.Find("main *").Length())
			if got.Find("main script, main img, main style").Length() != 0 {
				a.t.Errorf("%s: an element of the text's making", path)
			}
		}
		return counts
	}
	want := elements(withFocus(t), plain)
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := withFocus(t)
			if diff := cmp.Diff(want, elements(a, text)); diff != "" {
				t.Error(diff)
			}
			got := a.get(a.roles("/comparison?role=1&role=2"))
			for _, place := range []string{".rolehd b", ".rolehd p", "#comparison tbody th a bdi", "#comparison .ent bdi", "#comparison .pv.cond small bdi"} {
				if words := oneLine(got.Find(place).First().Text()); words != shown(strings.TrimSpace(text)) {
					t.Errorf("%s says %q, want %q", place, words, shown(text))
				}
			}
			for _, record := range a.download(a.roles("/comparison.csv?role=1&role=2")).records {
				for _, cell := range record {
					if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
						t.Errorf("a spreadsheet runs %q", cell)
					}
				}
			}
		})
	}
}

// TestEmptyRoles: whatever is missing, the page is whole.
func TestEmptyRoles(t *testing.T) {
	tests := []struct {
		name, body, list, compare, permissions string
		roles                                  int
	}{
		{name: "no roles", body: `[]`, list: "Toggl lists no roles", compare: "Toggl lists no roles", permissions: "Toggl lists no permissions"},
		{name: "null", body: `null`, list: "Toggl lists no roles", compare: "Toggl lists no roles", permissions: "Toggl lists no permissions"},
		{name: "items", body: `{"items":[]}`, list: "Toggl lists no roles", compare: "Toggl lists no roles", permissions: "Toggl lists no permissions"},
		{name: "a role of nothing", body: `[{}]`, roles: 1, compare: "Choose the first role", permissions: "Toggl lists no permissions"},
		{name: "no permissions", body: `[{"role_id":5,"permissions":null}]`, roles: 1, compare: "Choose the first role", permissions: "Toggl lists no permissions"},
		{name: "a permission of nothing", body: `[{"role_id":5,"permissions":[{}]}]`, roles: 1, compare: "Choose the first role", permissions: "Permission :"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := withFocus(t)
			a.answersRoles(tt.body)
			list := a.get(a.roles("")).want(http.StatusOK)
			list.has("#roles-results", tt.list)
			if n := list.Find("#roles tbody tr").Length(); n != tt.roles {
				t.Errorf("%d roles", n)
			}
			a.get(a.roles("/comparison")).want(http.StatusOK).has("#comparison", tt.compare)
			a.get(a.roles("/comparison?role=5&role=0&role=-1")).want(http.StatusOK)
			a.get(a.roles("/permissions")).want(http.StatusOK).has("#who", tt.permissions)
			a.get(a.roles("/permissions?permission=:")).want(http.StatusOK)
			if d := a.download(a.roles("/comparison.csv?role=5&role=0")); d.status != http.StatusOK || d.err != nil {
				t.Errorf("the file: %d, %v", d.status, d.err)
			}
		})
	}
}
