package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

// refusedAt fails the test unless the words stand beside the field, and in the
// summary with a link to it.
func (p page) refusedAt(field, words string) {
	p.t.Helper()
	p.has("title", "Error: ")
	p.has("#errors", words)
	if field == "" {
		if marked := p.Find("[aria-invalid]"); marked.Length() != 0 {
			p.t.Errorf("%s: %s is marked, which isn't at fault", p.name, marked.AttrOr("id", ""))
		}
		return
	}
	if p.attr("#errors li a", "href") != "#"+field {
		p.t.Errorf("%s: the summary leads to %q, want #%s", p.name, p.attr("#errors li a", "href"), field)
	}
	input := p.Find("#" + field)
	if input.AttrOr("aria-invalid", "") != "true" || !strings.Contains(input.AttrOr("aria-describedby", ""), field+"-error") {
		p.t.Errorf("%s: %s isn't marked", p.name, field)
	}
	p.has("#"+field+"-error", words)
	if p.Find("[aria-invalid]").Length() != 1 {
		p.t.Errorf("%s: %d fields are marked", p.name, p.Find("[aria-invalid]").Length())
	}
}

// documented are the messages of an operation in Toggl's contract, with their
// statuses.
func documented(t *testing.T, operation string) map[string]int {
	t.Helper()
	raw, err := os.ReadFile("../apiclient/testdata/contracts/track.openapi.json")
	must(t, err)
	var contract struct {
		Paths map[string]map[string]json.RawMessage
	}
	must(t, json.Unmarshal(raw, &contract))
	messages := map[string]int{}
	for _, methods := range contract.Paths {
		for name, method := range methods {
			var o struct {
				OperationID string `json:"operationId"`
				Responses   map[string]struct {
					Description string
					Messages    []string `json:"x-messages"`
				}
			}
			if name == "parameters" {
				continue
			}
			if must(t, json.Unmarshal(method, &o)); o.OperationID != operation {
				continue
			}
			for status, response := range o.Responses {
				code, err := strconv.Atoi(status)
				must(t, err)
				if code == http.StatusForbidden {
					response.Messages = []string{response.Description}
				}
				for _, message := range response.Messages {
					messages[message] = code
				}
			}
		}
	}
	return messages
}

// A change is a form that is sent, and to which of its fields each message of
// the operation belongs; those not named belong to no field.
type change struct {
	operation string
	send      func(a *app) page
	typed     map[string]string // ids of fields and what they keep
	places    map[string][]string
}

var changesOfOrganization = []change{
	{
		"CreateOrganization",
		func(a *app) page {
			return a.post("/orgs", url.Values{"name": {"Second"}, "workspace_name": {"Yard"}})
		},
		map[string]string{"name": "Second", "workspace_name": "Yard"},
		map[string][]string{
			"name": {"Field 'name' cannot be empty.", "organization name too long, maximum length is 140"},
			"workspace_name": {
				"workspace name must contain non-space characters", "workspace name must be provided", "workspace name must not be longer than 140",
			},
		},
	},
	{
		"UpdateOrganization",
		func(a *app) page { return a.post(a.orgURL()+"/name", url.Values{"name": {"Second"}}) },
		map[string]string{"name": "Second"},
		map[string][]string{
			"name": {"At least one field is required", "field 'name' cannot be empty", "organization name too long, maximum length is 140"},
		},
	},
	{"LeaveOrganization", func(a *app) page { return a.post(a.orgURL()+"/departure", nil) }, nil, nil},
	{
		"CreateWorkspace",
		func(a *app) page {
			return a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Yard"}, "default_currency": {"NOK"}, "admins": {""}})
		},
		map[string]string{"name": "Yard", "default_currency": "NOK"},
		map[string][]string{
			"name": {
				"workspace name must contain non-space characters", "workspace name must not be nil", "workspace name must not be longer than 140",
				"another workspace with same name exists in organization",
			},
		},
	},
	{
		"UpdateWorkspaceUser",
		func(a *app) page {
			return a.post(a.workspaceUser().edit, url.Values{"rate": {"81.5"}, "working_hours_in_minutes": {"7:30"}})
		},
		map[string]string{"rate": "81.50", "working_hours_in_minutes": "7.5"},
		map[string][]string{
			"role_id":                  {"Invalid role_id.", "Cannot use both admin flags and role_id."},
			"working_hours_in_minutes": {"Working hours must be positive or null"},
		},
	},
	{"RemoveWorkspaceUsers", func(a *app) page { return a.post(a.workspaceUser().remove, nil) }, nil, nil},
}

// TestEveryMessageHasItsPlace drives each documented message of each change to
// its place in the page.
func TestEveryMessageHasItsPlace(t *testing.T) {
	a := signedIn(t)
	for _, change := range changesOfOrganization {
		messages := documented(t, change.operation)
		if len(messages) == 0 {
			t.Errorf("%s: no messages", change.operation)
		}
		for field, placed := range change.places {
			for _, message := range placed {
				if messages[message] == 0 {
					t.Errorf("%s: %q of %s isn't documented", change.operation, message, field)
				}
			}
		}
		for message, status := range messages {
			t.Run(change.operation+" "+message, func(t *testing.T) {
				a := a.in(t)
				body, err := json.Marshal(message)
				must(t, err)
				a.upstream.Script(sandbox.Failure{Operation: change.operation, Status: status, Body: string(body)})
				got := change.send(a).want(answerTo(status))
				got.refusedAt(placeOf(change, message), message)
				got.has("#errors", "from Toggl")
				change.checkTyped(got)
			})
		}
	}
}

// answerTo is our status for Toggl's.
func answerTo(status int) int {
	if status == http.StatusBadRequest {
		return http.StatusUnprocessableEntity
	}
	return status
}

func placeOf(c change, message string) string {
	for field, messages := range c.places {
		if slices.Contains(messages, message) {
			return field
		}
	}
	return ""
}

func (c change) checkTyped(got page) {
	got.t.Helper()
	for id, value := range c.typed {
		if kept := got.attr("#"+id, "value"); kept != value {
			got.t.Errorf("%s keeps %q, want %q", id, kept, value)
		}
	}
}

// TestChangesWhileTogglFails: whatever happens at Toggl's, what was typed stays,
// and the page says what happened.
func TestChangesWhileTogglFails(t *testing.T) {
	failures := map[string]struct {
		failure sandbox.Failure
		status  int
		words   string
	}{
		"unknown words": {sandbox.Failure{Status: 400, Body: `"The moon is full."`}, 422, "The moon is full."},
		"no words":      {sandbox.Failure{Status: 400}, 422, "Toggl refused this."},
		"quota":         {sandbox.Failure{Status: 402, Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"600"}}, Body: `"You have hit your hourly limit for API calls."`}, 402, "You have hit your hourly limit for API calls."},
		"plan":          {sandbox.Failure{Status: 402, Body: `"Rates available only for premium plans"`}, 402, "Rates available only for premium plans"},
		"too fast":      {sandbox.Failure{Status: 429, Times: 9, Header: http.Header{"Retry-After": {"90"}}}, 429, "Toggl is limiting requests."},
		"down":          {sandbox.Failure{Status: 503, Times: 9}, 502, "Toggl couldn't answer."},
		"cut off":       {sandbox.Failure{Body: `"O`, Status: 500, Cut: true, Times: 9}, 502, "Toggl couldn't answer."},
	}
	for _, change := range changesOfOrganization {
		for name, tt := range failures {
			t.Run(change.operation+" "+name, func(t *testing.T) {
				a := signedIn(t)
				tt.failure.Operation = change.operation
				a.upstream.Script(tt.failure)
				got := change.send(a).want(tt.status)
				got.refusedAt("", tt.words)
				change.checkTyped(got)
			})
		}
	}
}
