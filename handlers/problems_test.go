package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

const html = "<!doctype html><html><body>gateway stacktrace</body></html>"

// upstreamFailures are the ways in which Toggl doesn't answer a read that is
// not cached, and what a person is told. The owner's clock says 10:04.
var upstreamFailures = []struct {
	name    string
	failure sandbox.Failure
	status  int
	title   string
	words   string // further words; may be empty
}{
	{"500 with HTML", sandbox.Failure{Status: 500, Body: html}, 502, "Toggl couldn't answer", ""},
	{"HTML as an answer", sandbox.Failure{Body: html}, 502, "Toggl couldn't answer", "could not be understood"},
	{"truncated JSON", sandbox.Failure{Body: `[{"id":1,"name":"A`}, 502, "Toggl couldn't answer", "could not be understood"},
	{"another shape", sandbox.Failure{Body: `[{"id":"one","name":7}]`}, 502, "Toggl couldn't answer", "could not be understood"},
	{"a cut connection", sandbox.Failure{Cut: true}, 502, "Toggl couldn't answer", ""},
	{"a redirect elsewhere", sandbox.Failure{Redirect: "https://evil.example/"}, 502, "Toggl couldn't answer", ""},
	{"401", sandbox.Failure{Status: 401}, 403, "Toggl refused your credentials", "Sign in again"},
	{"403", sandbox.Failure{Status: 403, Body: `"User is not authorized to list the organization users"`}, 403, "You are not allowed to see this", "User is not authorized to list the organization users"},
	{"404", sandbox.Failure{Status: 404, Body: `"Invalid organization ID"`}, 404, "Toggl has no such thing", "Invalid organization ID"},
	{
		"402 of the quota",
		sandbox.Failure{
			Status: 402, Body: `"You have hit your hourly limit for API calls. Your quota will reset in 1800 seconds."`,
			Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1800"}},
		},
		402, "Toggl's hourly limit is used up", "It comes back at 10:34.",
	},
	{"402 of the plan", sandbox.Failure{Status: 402, Body: `"Upgrade to Premium"`}, 402, "The organization's plan doesn't include this", "Upgrade to Premium"},
	{"429", sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"120"}}}, 429, "Toggl is limiting requests", "It comes back at 10:06."},
	{"418", sandbox.Failure{Status: 418, Body: `{"message":"a teapot"}`}, 422, "", "a teapot"},
}

// TestProblems: as a page and as a fragment, status and words are the same, and
// a fragment's failure goes to the flash instead of into the table.
func TestProblems(t *testing.T) {
	for _, tt := range upstreamFailures {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := signedIn(t)
			tt.failure.Operation, tt.failure.Times = "ListOrganizationUsers", -1
			a.upstream.Script(tt.failure)
			address := a.users("filter=mar")
			whole := a.get(address).want(tt.status)
			whole.has("main", tt.title, tt.words)
			if !whole.isPage() || whole.text(".me b") != a.upstream.Owner().Name {
				t.Error("the problem stands outside the frame")
			}
			fragment := a.getFragment(address, a.users("")).want(tt.status)
			fragment.has("body", tt.title)
			if strings.Contains(whole.body+fragment.body, "stacktrace") || strings.Contains(whole.body, "evil.example") {
				t.Error("what isn't meant for people is shown")
			}
			if tt.status == http.StatusUnprocessableEntity {
				return // in its place, see TestUsersRefused
			}
			if !strings.HasPrefix(whole.text("title"), "Error: ") {
				t.Errorf("title %q", whole.text("title"))
			}
			checkFlashed(t, fragment)
		})
	}
}

func checkFlashed(t *testing.T, fragment page) {
	t.Helper()
	for name, want := range map[string]string{"HX-Retarget": "#flash", "HX-Push-Url": "false"} {
		if got := fragment.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(fragment.header.Get("HX-Reswap"), "innerHTML") {
		t.Errorf("HX-Reswap %q", fragment.header.Get("HX-Reswap"))
	}
	if fragment.isPage() || fragment.Find(".note.bad[role=alert]").Length() != 1 {
		t.Error("not one note alone")
	}
	if id := fragment.header.Get("X-Request-Id"); !strings.Contains(fragment.text(".details"), id) {
		t.Error("no request id for the support")
	}
}

// TestProblemRetry: a read can be tried again where it was, and then works.
func TestProblemRetry(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Status: 500})
	got := a.get(a.users("filter=mar&sort_dir=desc")).want(http.StatusBadGateway)
	retry := got.attr("#problem a.primary", "href")
	if retry != a.users("filter=mar&sort_dir=desc") {
		t.Fatalf("retry leads to %q", retry)
	}
	a.get(retry).want(http.StatusOK)
}

// TestStale: what is cached stays readable with its age while Toggl can't be asked.
func TestStale(t *testing.T) {
	for _, tt := range []struct {
		name    string
		failure sandbox.Failure
		words   []string
	}{
		{"quota", sandbox.Failure{
			Status: 402, Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1800"}},
			Body: `"You have hit your hourly limit for API calls."`,
		}, []string{"Toggl is limiting requests.", "This was read at 10:04.", "It comes back at 10:44."}},
		{"429", sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"600"}}}, []string{"Toggl is limiting requests.", "It comes back at 10:24."}},
		{"500", sandbox.Failure{Status: 500, Body: html}, []string{"Toggl couldn't answer.", "This was read at 10:04."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := signedIn(t)
			for _, address := range []string{a.users(""), a.orgURL()} {
				a.get(address).want(http.StatusOK)
			}
			a.pass(10 * time.Minute)
			tt.failure.Times = -1
			a.upstream.Script(tt.failure)
			for _, address := range []string{a.users(""), a.orgURL()} {
				got := a.get(address).want(http.StatusOK)
				got.has("main .note.warn", tt.words...)
				got.has(".sync", "10 min ago")
				got.has("tbody", "a")
			}
			fragment := a.getFragment(a.users(""), a.users("page=2")).want(http.StatusOK)
			fragment.has("#users", "a")
			fragment.has("body", tt.words[0])
			fragment.has(".sync", "10 min ago")
		})
	}
}

// TestQuotaShown: what is left of the quota is on the pages, and at nothing left
// a page that isn't cached says when it comes back.
func TestQuotaShown(t *testing.T) {
	a := signedIn(t)
	a.upstream.SetQuotaRemaining(3)
	a.get(a.users("")).want(http.StatusOK).has(".sync", "2 requests left this hour")
	a.get(a.users("page=2")).want(http.StatusOK).has(".sync", "1 request left this hour")
	a.get(a.users("page=3")).want(http.StatusOK).has(".sync", "0 requests left this hour")
	a.calls()
	a.get(a.users("page=4")).want(http.StatusPaymentRequired).has("#problem", "hourly limit is used up", "It comes back at 1")
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v, which can only be refused", calls)
	}
	a.pass(time.Hour)
	a.upstream.SetQuotaRemaining(-1)
	a.signIn(a.upstream.Owner()) // the session has been idle for too long
	a.get(a.users("page=4")).want(http.StatusOK)
}

// TestBrowserGoesAway: someone who types on is not a fault to be logged.
func TestBrowserGoesAway(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Delay: 300 * time.Millisecond})
	a.client.Timeout = 50 * time.Millisecond
	res, err := a.client.Do(a.request(http.MethodGet, a.users(""), nil))
	if err == nil {
		res.Body.Close()
		t.Fatal("the answer came in time")
	}
	a.server.Close() // waits for the handler
	log := a.log.String()
	if strings.Contains(log, `"level":"ERROR"`) || strings.Contains(log, `"status":500`) {
		t.Errorf("logged as a fault of ours:\n%s", log)
	}
}
