package apiclient_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

// sample is a recorded answer; where it has no frame it is the body alone.
type sample struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	RawBody string            `json:"raw_body"`
}

func readSample(t testing.TB, name string) sample {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "samples", name))
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	if err := json.Unmarshal(text, &s); err != nil || s.Status == 0 {
		return sample{Status: 200, Body: text}
	}
	return s
}

func (s sample) client(t testing.TB) *apiclient.Client {
	return newClient(t, &upstream{answer: func(*http.Request) (*http.Response, error) {
		res := response(s.Status, string(s.Body)+s.RawBody)
		for name, value := range s.Headers {
			if name != "Content-Length" {
				res.Header.Set(name, value)
			}
		}
		return res, nil
	}})
}

func TestRecordedAnswers(t *testing.T) {
	created := time.Date(2024, 12, 16, 19, 9, 7, 41832000, time.UTC)
	organization := apiclient.Organization{
		ID: 1000002, Name: "Your Organization", Admin: true, Owner: true, At: created, CreatedAt: created, MaxWorkspaces: 20, UserCount: 1,
		TrialInfo: &apiclient.TrialInfo{CanHaveTrial: true, TrialAvailable: true},
	}
	got, err := readSample(t, "track-organization-get.json").client(t).GetOrganization(t.Context(), orgID)
	check(t, organization, got, err)

	list, err := readSample(t, "track-me-organizations.json").client(t).ListMyOrganizations(t.Context())
	organization.PricingPlanName = "Free"
	if len(list) != 2 {
		t.Fatalf("%d organizations", len(list))
	}
	check(t, organization, list[1], err)

	me, err := readSample(t, "track-me.json").client(t).GetMe(t.Context())
	check(t, apiclient.Me{
		ID: 3000001, Email: "user@example.com", Fullname: "Example User", Timezone: "Europe/Berlin", DefaultWorkspaceID: new(int64(2000001)),
		ImageURL:        "https://secure.gravatar.com/avatar/00000000000000000000000000000000?d=404&s=200",
		TogglAccountsID: "AAAAAAAAAAAAAAAAAAAAAA",
	}, me, err)

	workspaces, err := readSample(t, "track-me-workspaces.json").client(t).ListMyWorkspaces(t.Context())
	check(t, []apiclient.Workspace{{
		ID: 2000001, OrganizationID: 1000001, Name: "example's workspace", Admin: true, Role: "admin", DefaultCurrency: "USD",
	}}, workspaces, err)

	quota, err := readSample(t, "track-me-quota.json").client(t).GetQuota(t.Context())
	check(t, []apiclient.QuotaBucket{
		{Remaining: 28, Total: 30, ResetsInSecs: 3540},
		{OrganizationID: new(int64(1000001)), Remaining: 599, Total: 600, ResetsInSecs: 3540},
	}, quota, err)

	groups, err := readSample(t, "track-org-groups.json").client(t).ListGroups(t.Context(), orgID, apiclient.ListGroupsOptions{})
	check(t, []apiclient.Group{{
		GroupID: 123456, Name: "Toggl-API-Test", At: time.Date(2021, 12, 1, 0, 0, 0, 0, time.UTC), Workspaces: []int64{1234567},
		Users: []apiclient.GroupUser{{UserID: 1234567, Name: "Example", Joined: true}},
	}}, groups, err)
}

func check[T any](t *testing.T, want, got T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%T: %v", want, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%T (-want +got):\n%s", want, diff)
	}
}

func TestRecordedRefusals(t *testing.T) {
	for name, want := range map[string]apiclient.Error{
		"track-error-401-no-credentials.json": {Kind: apiclient.ErrUnauthorized, Status: 401},
		"track-error-402-feature.json":        {Kind: apiclient.ErrPlan, Status: 402, Message: "Custom project colors available only for premium plans"},
		"track-error-403.json":                {Kind: apiclient.ErrForbidden, Status: 403, Message: "User does not have access to this resource"},
		"track-error-405.json":                {Kind: apiclient.ErrNotAvailable, Status: 405},
	} {
		_, err := readSample(t, name).client(t).GetMe(t.Context())
		want.API, want.Op = "track", "GetMe"
		checkError(t, name, want, err)
	}
}

func checkError(t *testing.T, name string, want apiclient.Error, err error) {
	t.Helper()
	var got *apiclient.Error
	if !errors.As(err, &got) {
		t.Errorf("%s: error %v", name, err)
		return
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
