package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

// A refusalCase brings about one message of the contract and says where it has
// to stand: at an input's id, or "" for the summary alone.
type refusalCase struct {
	message, words string // as the contract has it; as it comes
	who            func(apiclient.OrganizationUser) bool
	edit           func(apiclient.OrganizationUser, url.Values)
	script         int // status to script where no form brings it about; 0: the sandbox says it by itself
	status         int
	place          func(apiclient.OrganizationUser) string
}

func typeUserField(name, value string) func(apiclient.OrganizationUser, url.Values) {
	return func(_ apiclient.OrganizationUser, form url.Values) { form.Set(name, value) }
}

func atField(id string) func(apiclient.OrganizationUser) string {
	return func(apiclient.OrganizationUser) string { return id }
}

func isOwner(u apiclient.OrganizationUser) bool { return u.Owner }

func isPaying(u apiclient.OrganizationUser) bool { return u.Name == "Priya Nair" }

func isElsewhere(u apiclient.OrganizationUser) bool { return !u.CanEditEmail && !u.Owner && u.Joined }

var refusalCases = []refusalCase{
	{message: "Missing or invalid organization_id.", edit: typeUserField("name", "New Name"), script: 400, status: 422, place: atField("")},
	{message: "Invalid role_id.", edit: typeUserField("role_id", "0"), status: 422, place: atField("role_id")},
	{message: "Cannot use both admin flags and role_id.", edit: typeUserField("role_id", "11"), script: 400, status: 422, place: atField("role_id")},
	{message: "User does not exist in the organization.", edit: typeUserField("name", "New Name"), script: 400, status: 422, place: atField("")},
	{message: "At least one field is required.", edit: typeUserField("name", "New Name"), script: 400, status: 422, place: atField("")},
	{message: "Field 'name' cannot be empty.", edit: typeUserField("name", " "), status: 422, place: atField("name")},
	{message: "Missing e-mail.", edit: typeUserField("email", ""), status: 422, place: atField("email")},
	{message: "Invalid e-mail: '...'", words: "Invalid e-mail: 'nobody'", edit: typeUserField("email", "nobody"), status: 422, place: atField("email")},
	{message: "Email already exists.", edit: typeUserField("email", "ingrid.solheim@haldenmoss.example"), status: 422, place: atField("email")},
	{
		message: "Group '...' is not in Organization '...'.", words: "Group '999' is not in Organization '4128077'.",
		edit: func(_ apiclient.OrganizationUser, form url.Values) { form.Add("groups", "999") }, status: 422, place: atField("group-999"),
	},
	{
		message: "Workspace '...' is not in Organization '...'.", words: "Workspace '999' is not in Organization '4128077'.",
		edit: func(_ apiclient.OrganizationUser, form url.Values) {
			form.Set("workspace_id", "999")
			form.Set("workspace_role_id", "3")
		},
		status: 422, place: atField("workspace_id"),
	},
	{message: "Cannot remove admin privileges from owner.", who: isOwner, edit: typeUserField("role_id", "12"), status: 422, place: atField("role_id")},
	{message: "Cannot deactivate owner.", who: isOwner, edit: typeUserField("inactive", "true"), status: 422, place: atField("active")},
	{message: "Cannot remove admin privileges from paying user.", who: isPaying, edit: typeUserField("role_id", "12"), status: 422, place: atField("role_id")},
	{message: "Cannot deactivate paying user.", who: isPaying, edit: typeUserField("inactive", "true"), status: 422, place: atField("active")},
	{message: "User has multiple organizations.", who: isElsewhere, edit: typeUserField("email", "new@haldenmoss.example"), status: 422, place: atField("email")},
	{message: "Invalid organization role.", edit: typeUserField("role_id", "1"), status: 422, place: atField("role_id")},
	{message: "Invalid role ID: 1234.", edit: typeUserField("role_id", "1234"), status: 422, place: atField("role_id")},
	{
		message: "Invalid workspace role with ID: 1234.",
		edit: func(u apiclient.OrganizationUser, form url.Values) {
			form.Set(inWorkspace(u.Workspaces[1].WorkspaceID, "role_id"), "1234")
		},
		status: 422,
		place: func(u apiclient.OrganizationUser) string {
			return "workspace-" + number(u.Workspaces[1].WorkspaceID) + "-role_id"
		},
	},
	{message: "User is not authorized to update the organization user", edit: typeUserField("name", "New Name"), script: 403, status: 403, place: atField("")},
	{message: "Invalid organization user ID.", edit: typeUserField("name", "New Name"), script: 404, status: 404, place: atField("")},
	{message: "Failed to load user data.", edit: typeUserField("name", "New Name"), script: 404, status: 404, place: atField("")},
	// Beyond the contract: what the sandbox knows of neighbours, words that are
	// about a thing with a name, and words that nobody has seen before.
	{
		message: "Working hours must be positive or null",
		edit: func(u apiclient.OrganizationUser, form url.Values) {
			form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "working_hours"), "0")
		},
		status: 422,
		place: func(u apiclient.OrganizationUser) string {
			return "workspace-" + number(u.Workspaces[0].WorkspaceID) + "-working_hours"
		},
	},
	{message: "The moon is <b>full</b>.", edit: typeUserField("name", "New Name"), script: 400, status: 422, place: atField("")},
	{message: "Conflicting update", edit: typeUserField("name", "New Name"), script: 409, status: 422, place: atField("")},
}

// TestUserRefusals drives every message of PUT organization user to its place.
func TestUserRefusals(t *testing.T) {
	a := signedIn(t)
	for _, tt := range refusalCases {
		t.Run(tt.message, func(t *testing.T) {
			a := a.in(t)
			who := tt.who
			if who == nil {
				who = isOrdinary
			}
			u := a.pick(who)
			words := tt.words
			if words == "" {
				words = tt.message
			}
			if tt.script != 0 {
				a.upstream.Script(refuse(tt.script, words))
			}
			form := a.openUser(u)
			tt.edit(u, form)
			got := a.save(u, form).want(tt.status)
			checkRefusal(t, got, words, tt.place(u), tt.script)
			checkKept(t, got, form)
			if diff := cmp.Diff(a.stored(u.ID), u); diff != "" {
				t.Errorf("the user was changed: %s", diff)
			}
		})
	}
}

func checkRefusal(t *testing.T, got page, words, place string, scripted int) {
	t.Helper()
	if title := got.text("title"); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title %q", title)
	}
	summary := got.Find("#errors[role=alert][tabindex='-1']")
	if !strings.Contains(summary.Find("h2").Text(), "Nothing was saved.") {
		t.Errorf("summary %q", oneLine(summary.Text()))
	}
	line := oneLine(summary.Find("li").Text())
	if !strings.HasPrefix(line, words) || !strings.HasSuffix(line, " from Toggl") && !strings.HasPrefix(line, words+" from Toggl. ") {
		t.Errorf("summary line %q, want %q … from Toggl", line, words)
	}
	if place == "" {
		if got.Find("[aria-invalid]").Length() != 0 || summary.Find("a").Length() != 0 {
			t.Error("a field is marked that isn't at fault")
		}
		if status := "Status " + number(int64(scripted)) + "."; !strings.Contains(line, status) {
			t.Errorf("summary line %q, without %q", line, status)
		}
		return
	}
	if href := summary.Find("a").AttrOr("href", ""); href != "#"+place {
		t.Errorf("the summary leads to %q, want %q", href, "#"+place)
	}
	invalid := got.Find("[aria-invalid=true]")
	if invalid.Length() != 1 || invalid.AttrOr("id", "") != place {
		t.Errorf("%d fields are marked, the first %q; want %q", invalid.Length(), invalid.AttrOr("id", ""), place)
	}
	described := strings.Fields(invalid.AttrOr("aria-describedby", ""))
	if !slices.Contains(described, place+"-error") {
		t.Errorf("aria-describedby %q", described)
	}
	if beside := got.text("#" + place + "-error"); beside != words+" from Toggl" {
		t.Errorf("beside the field %q, want %q", beside, words+" from Toggl")
	}
}

// checkKept sends the form that came back, in thought: it must be what was
// typed. Locked fields are not sent again.
func checkKept(t *testing.T, got page, typed url.Values) {
	t.Helper()
	again := got.fields("#user-form", "")
	for _, name := range []string{"role_id", "inactive"} {
		if !again.Has(name) && got.Find("#"+map[string]string{"role_id": "role_id", "inactive": "active"}[name]+"[readonly], #active[disabled]").Length() > 0 {
			typed = cloneValues(typed)
			typed.Del(name)
		}
	}
	want := cloneValues(typed)
	if want.Get("workspace_id") == "" { // nothing chosen, so it may be missing
		for _, name := range []string{"workspace_id", "workspace_role_id"} {
			want.Del(name)
			again.Del(name)
		}
	}
	for _, form := range []url.Values{want, again} {
		slices.Sort(form["groups"])
		form.Set("name", strings.TrimSpace(form.Get("name")))
		for name, values := range form {
			if len(values) > 1 && name != "groups" { // a switch: the last counts
				form[name] = values[len(values)-1:]
			}
		}
	}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("what was typed is not what came back (-typed +back):\n%s", diff)
	}
}

// TestEveryMessageIsDriven compares the table with the contract.
func TestEveryMessageIsDriven(t *testing.T) {
	data, err := os.ReadFile("../apiclient/testdata/contracts/track.openapi.json")
	must(t, err)
	var contract struct {
		Paths map[string]struct {
			Put struct {
				OperationID string `json:"operationId"`
				Responses   map[string]struct {
					Description string   `json:"description"`
					Messages    []string `json:"x-messages"`
				} `json:"responses"`
			} `json:"put"`
		} `json:"paths"`
	}
	must(t, json.Unmarshal(data, &contract))
	operation := contract.Paths["/organizations/{organization_id}/users/{organization_user_id}"].Put
	want := slices.Concat(operation.Responses["400"].Messages, operation.Responses["404"].Messages, []string{operation.Responses["403"].Description})
	if operation.OperationID != "UpdateOrganizationUser" || len(want) < 20 {
		t.Fatalf("the contract was not found: %q", want)
	}
	for _, message := range want {
		if !slices.ContainsFunc(refusalCases, func(c refusalCase) bool { return c.message == message }) {
			t.Errorf("no case for %q", message)
		}
	}
}

// TestRefusedRates are those that Roster sees without asking.
func TestRefusedRates(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	id := u.Workspaces[0].WorkspaceID
	for typed, words := range map[string]string{
		"85,5o":  "Enter a number, such as 85.50.",
		"-1":     "Enter a number, such as 85.50.",
		"1e3":    "Enter a number, such as 85.50.",
		"NaN":    "Enter a number, such as 85.50.",
		"€85":    "Enter a number, such as 85.50.",
		"1,234":  "Enter 1234 or 1.234: 1,234 can mean either.",
		"<b>8</": "Enter a number, such as 85.50.",
	} {
		a.upstream.ResetRequests()
		form := a.openUser(u)
		form.Set(inWorkspace(id, "rate"), typed)
		got := a.save(u, form).want(http.StatusUnprocessableEntity)
		place := "workspace-" + number(id) + "-rate"
		if beside := got.text("#" + place + "-error"); beside != words {
			t.Errorf("%q: %q, want %q", typed, beside, words)
		}
		got.has("#errors h2", "Nothing was saved. Fix 1 field and save again.")
		checkKept(t, got, form)
		if sent := a.bodiesOf("UpdateOrganizationUser"); sent != nil {
			t.Errorf("%q was sent: %s", typed, sent)
		}
	}
}

// TestWordsNamingAGroup: the API may name groups and workspaces by name too.
func TestWordsNamingAGroup(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	a.upstream.Script(refuse(http.StatusBadRequest, "Group '"+u.Groups[0].Name+"' is not in Organization 'Halden & Moss'."))
	got := a.change(u, func(form url.Values) { form.Set("name", "New Name") }).want(http.StatusUnprocessableEntity)
	got.has("#group-"+number(u.Groups[0].GroupID)+"-error", "from Toggl")

	w := u.Workspaces[0]
	words := "Workspace '" + w.WorkspaceName + "' is not in Organization 'Halden & Moss'."
	a.upstream.Script(refuse(http.StatusBadRequest, words))
	got = a.change(u, func(form url.Values) { form.Set(inWorkspace(w.WorkspaceID, "rate"), "12") }).want(http.StatusUnprocessableEntity)
	row := "workspace-" + number(w.WorkspaceID)
	if href := got.attr("#errors a", "href"); href != "#"+row || got.attr("#"+row, "aria-describedby") != row+"-error" {
		t.Errorf("the summary leads to %q, described by %q", href, got.attr("#"+row, "aria-describedby"))
	}
	got.has("#"+row+"-error", words)
}
