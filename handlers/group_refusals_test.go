package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

// A groupChange is a form about a group, and what is typed into it.
type groupChange struct {
	operation string
	path      func(a *app) string
	edit      url.Values
	typed     map[string]string
}

func (c groupChange) send(a *app) page {
	a.t.Helper()
	path := c.path(a)
	form := url.Values{}
	if got := a.get(path); got.status == http.StatusOK && got.Find("#group-form").Length() == 1 {
		form = editing(got)
	}
	for name, values := range c.edit {
		form[name] = values
	}
	return a.post(path, form)
}

func quietGroup(a *app) string { return a.groupURL("Events 2027") }

var (
	creation = groupChange{
		"CreateGroup", func(a *app) string { return a.groups("") },
		url.Values{"name": {"Owls"}, "emoji": {"🦉"}, "workspaces[2000002]": {"true"}},
		map[string]string{"name": "Owls", "emoji": "🦉"},
	}
	edition  = groupChange{"UpdateGroup", quietGroup, url.Values{"name": {"Owls"}, "emoji": {"🦉"}}, map[string]string{"name": "Owls", "emoji": "🦉"}}
	deletion = groupChange{"DeleteGroup", func(a *app) string { return quietGroup(a) + "/deletion" }, url.Values{"workspace_id": {"2000001"}}, nil}
)

// TestFocusGroupRefusals drives what Focus itself refuses to its place.
func TestFocusGroupRefusals(t *testing.T) {
	long := strings.Repeat("o", 201)
	for _, change := range []groupChange{creation, edition} {
		for _, tt := range []struct{ field, value, words string }{
			{"emoji", "", "Key: 'GroupInput.Emoji' Error:Field validation for 'Emoji' failed on the 'required' tag"},
			{"name", "", "Key: 'GroupInput.Name' Error:Field validation for 'Name' failed on the 'required' tag"},
			{"name", long, "Key: 'GroupInput.Name' Error:Field validation for 'Name' failed on the 'max' tag"},
			{"name", "Engineering", "Name has already been taken"},
		} {
			t.Run(change.operation+" "+tt.words, func(t *testing.T) {
				a := withFocus(t)
				refused := change
				refused.edit = url.Values{"name": {"Owls"}, "emoji": {"🦉"}}
				refused.edit.Set(tt.field, tt.value)
				got := refused.send(a).want(http.StatusUnprocessableEntity)
				got.refusedAt(tt.field, tt.words)
				got.has("#"+tt.field+"-error", "from Toggl")
				if got.attr("#"+tt.field, "value") != tt.value {
					t.Errorf("%s became %q", tt.field, got.attr("#"+tt.field, "value"))
				}
				got.has("details.trace", "Code validation", "Trace id")
			})
		}
	}
	t.Run("a workspace that is gone", func(t *testing.T) {
		a := withFocus(t)
		got := a.post(a.groups(""), url.Values{"name": {"Owls"}, "emoji": {"🦉"}, "workspaces[77]": {"true"}}).want(http.StatusUnprocessableEntity)
		got.refusedAt("workspace-77", "workspace 77 not found")
		address := quietGroup(a)
		form := editing(a.get(address))
		form.Set("workspaces[77]", "true")
		got = a.post(address, form).want(http.StatusUnprocessableEntity)
		got.refusedAt("workspace-77", "workspace 77 not found")
		if !editing(got).Has("workspaces[77]") {
			t.Error("the tick is lost")
		}
	})
	t.Run("a member who is gone", func(t *testing.T) {
		a := withFocus(t)
		address := a.groupURL("Delivery leads")
		page := a.get(address)
		member := page.attr("#members input[name=member]", "value")
		form := editing(page)
		form.Set("name", "Owls")
		a.upstream.Script(focusFailure("UpdateGroup", http.StatusBadRequest, "organization user "+member+" not found"))
		got := a.post(address, form).want(http.StatusUnprocessableEntity)
		got.refusedAt("member-"+member, "organization user "+member+" not found")
	})
}

// TestFocusGroupStatuses drives every documented status of the calls that change
// a group to its place: above the form, which keeps what was typed.
func TestFocusGroupStatuses(t *testing.T) {
	for _, change := range []groupChange{creation, edition, deletion} {
		for status, want := range map[int]struct {
			status int
			words  string
		}{
			http.StatusBadRequest:          {http.StatusUnprocessableEntity, "Toggl refused this."},
			http.StatusUnauthorized:        {http.StatusForbidden, "Toggl Focus refused the API key."},
			http.StatusForbidden:           {http.StatusForbidden, "Your role does not allow it."},
			http.StatusNotFound:            {http.StatusNotFound, "Toggl has no such thing."},
			http.StatusInternalServerError: {http.StatusBadGateway, "Toggl couldn't answer."},
		} {
			t.Run(change.operation+" "+http.StatusText(status), func(t *testing.T) {
				a := withFocus(t)
				a.upstream.Script(focusFailure(change.operation, status, "Some words of Focus"))
				got := change.send(a).want(want.status)
				got.refusedAt("", "Some words of Focus")
				got.has("#errors", want.words, "from Toggl", "Status "+number(int64(status)))
				got.has("#errors .trace", "Code some_code", "Trace id trace4711")
				for field, value := range change.typed {
					if got.attr("#"+field, "value") != value {
						t.Errorf("%s became %q", field, got.attr("#"+field, "value"))
					}
				}
			})
		}
	}
}

// TestGroupNotRead: where the group can't be read before it is changed, what was
// typed is kept.
func TestGroupNotRead(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		address := a.groupURL("Delivery leads")
		page := a.get(address)
		form := editing(page)
		form.Set("name", "Typed")
		list := sandbox.Failure{Operation: "ListGroups", Status: http.StatusInternalServerError, Times: -1, Body: `"Down."`}
		if focus {
			list = focusFailure("ListTeams", http.StatusInternalServerError, "Down.")
		}
		a.upstream.Script(list)
		got := a.post(address, form).want(http.StatusBadGateway)
		got.has("#errors", "Nothing was saved. What you typed is still here: save again later.", "Down.")
		if got.attr("#name", "value") != "Typed" || len(got.texts("#members .rows .who a")) != len(page.texts("#members .rows .who a")) {
			t.Errorf("name %q, members %q", got.attr("#name", "value"), got.texts("#members .rows .who a"))
		}
		a.upstream.ClearScripts()
		a.post(address, editing(got)).leadsTo(address)
		a.upstreamGroup("Typed")
	})
}

// TestGroupGone: what was typed about a group that somebody deleted is not lost.
func TestGroupGone(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		t.Helper()
		g := a.upstreamGroup("Events 2027")
		address := a.groupURL(g.Name)
		form := editing(a.get(address))
		form.Set("name", "Typed")
		a.upstreamDo(http.MethodDelete, "/api/v9/organizations/"+number(a.org)+"/groups/"+number(g.GroupID), "")
		got := a.post(address, form).want(http.StatusConflict)
		got.has("#errors", "This group is no longer there.", "Somebody deleted it meanwhile.")
		if got.attr("#name", "value") != "Typed" || got.attr("#errors li a", "href") != a.groups("")+"/new" {
			t.Errorf("name %q", got.attr("#name", "value"))
		}
	})
}

// TestTrackGroupMessages drives each documented message of Track's calls to its
// place; each names what it is about.
func TestTrackGroupMessages(t *testing.T) {
	for _, change := range []groupChange{
		{"CreateTrackGroup", creation.path, url.Values{"name": {"Owls"}, "workspaces[2000002]": {"true"}}, map[string]string{"name": "Owls"}},
		{"UpdateTrackGroup", func(a *app) string { return a.groupURL("Delivery leads") }, url.Values{"name": {"Owls"}}, map[string]string{"name": "Owls"}},
		{"PatchTrackGroup", quietGroup, url.Values{"workspaces[2000002]": {"true"}}, nil},
		{"DeleteTrackGroup", deletion.path, url.Values{}, nil},
	} {
		messages := documented(t, change.operation)
		if change.operation != "DeleteTrackGroup" && len(messages) < 3 {
			t.Errorf("%s: messages %v", change.operation, messages)
		}
		for message, status := range messages {
			t.Run(change.operation+" "+message, func(t *testing.T) {
				a := signedIn(t)
				member := a.upstreamGroup("Delivery leads").Users[0].UserID
				words := strings.NewReplacer("{org}", number(a.org), "{ws}", "2000002", "{user}", number(member), "{id}", "2000002").Replace(message)
				a.upstream.Script(sandbox.Failure{API: "track", Operation: change.operation, Status: status, Body: jsonString(words), Times: -1})
				got := change.send(a)
				field := ""
				switch {
				case status != http.StatusBadRequest || change.operation == "DeleteTrackGroup":
				case strings.HasPrefix(message, "Group name"), strings.HasPrefix(message, "Name has"):
					field = "name"
				case strings.HasPrefix(message, "Workspace {"):
					field = "workspace-2000002"
				case strings.HasPrefix(message, "User {") && change.operation == "UpdateTrackGroup":
					field = "member-" + number(member)
				}
				got.refusedAt(field, words)
				if want := map[int]int{400: 422, 402: 402, 403: 403, 404: 404}[status]; got.status != want {
					t.Errorf("status %d, want %d", got.status, want)
				}
			})
		}
	}
}

// TestTrackGroupPatches: what Track takes of a change is saved, what it refuses
// stands beside what it is about.
func TestTrackGroupPatches(t *testing.T) {
	a := signedIn(t)
	g := a.upstreamGroup("Delivery leads")
	address := a.groupURL(g.Name)
	page := a.get(address)
	form := editing(page)
	labs, sales := a.workspaceID("Labs"), a.workspaceID("Sales")
	form.Set(ticks(labs), "true")
	form.Set(ticks(sales), "true")
	patch := func(id int64) map[string]any {
		return map[string]any{"op": "add", "path": "/workspaces", "value": []int64{id}}
	}
	result, err := json.Marshal(map[string]any{
		"success": []any{patch(sales)}, "failure": []any{map[string]any{"patch": patch(labs), "message": "Workspace is suspended"}},
	})
	must(t, err)
	a.changeMeanwhile(g.Name, `{"name":"Delivery leads"}`)
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "PatchTrackGroup", Status: http.StatusOK, Body: string(result)})
	got := a.post(address, form).want(http.StatusUnprocessableEntity)
	got.has("#errors", "A part was saved.", "Labs")
	got.has("#workspace-"+number(labs)+"-error", "Workspace is suspended from Toggl")
	if !editing(got).Has(ticks(labs)) {
		t.Error("the tick is lost")
	}

	member := page.Find("#members input[name=member]").Eq(1).AttrOr("value", "")
	form = editing(a.get(address))
	form.Set("do", "remove")
	form.Set("confirmed", "true")
	form["member"] = []string{page.attr("#members input[name=member]", "value"), member}
	body := `{"success":[{"op":"remove","path":"/users","value":[1]}],"failure":[{"patch":{"op":"remove","path":"/users","value":[` + member + `]},"message":"Not him"}]}`
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "PatchTrackGroup", Status: http.StatusOK, Body: body})
	got = a.post(address, form).want(http.StatusUnprocessableEntity)
	got.has("#member-"+member+"-error", "Not him from Toggl")
	if !slices.Contains(got.texts("#errors li a"), "Not him") {
		t.Errorf("summary %q", got.texts("#errors li a"))
	}
}

// TestTrackGroupPartly: the name was taken, and what followed was not answered.
func TestTrackGroupPartly(t *testing.T) {
	a := signedIn(t)
	address := quietGroup(a)
	labs := a.workspaceID("Labs")
	form := editing(a.get(address))
	form.Set("name", "Owls")
	form.Set(ticks(labs), "true")
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "PatchTrackGroup", Status: http.StatusInternalServerError, Times: -1})
	got := a.post(address, form).want(http.StatusBadGateway)
	got.has("#errors", "A part was saved. What is still listed as unsaved was not.")
	got.has("#unsaved", "Unsaved changes: 1", "Labs")
	a.upstream.ClearScripts()
	a.post(address, editing(got)).leadsTo(address)
	if now := a.upstreamGroup("Owls"); !slices.Contains(now.Workspaces, labs) {
		t.Errorf("stored %+v", now)
	}
}
