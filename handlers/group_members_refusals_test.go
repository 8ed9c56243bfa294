package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

// memberRefusals are the documented answers to the calls that add members, and
// where each is said. USER is the number of the first of two people.
var memberRefusals = []struct {
	focus     bool
	operation string
	status    int
	words     string
	shown     int
	place     string
	heading   string
}{
	{false, "PatchTrackGroup", 400, "User USER not exists in the organization 1", 422, "#group-people li:nth-child(1) .err", "Nobody was added."},
	{false, "PatchTrackGroup", 400, "User 999 not exists in the organization 1", 422, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 400, "Unsupported operation", 422, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 400, "Value not present, or too many per patch operation", 422, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 400, "Too many operations", 422, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 400, "Unknown group at organization", 422, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 400, "Invalid JSON input", 422, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 403, "User does not have permission to manage user groups.", 403, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 404, "Invalid group ID.", 404, "#errors", "Nobody was added."},
	{false, "PatchTrackGroup", 500, "", 502, "#errors", "It isn't known whether anybody was added."},
	{false, "ListGroups", 403, "User does not have access to this resource", 403, "#errors", "Nobody was added."},
	{false, "ListGroups", 500, "", 502, "#errors", "Nobody was added."},
	{true, "UpdateGroup", 400, "organization user USER not found", 422, "#group-people li:nth-child(1) .err", "Nobody was added."},
	{true, "UpdateGroup", 400, "Key: 'GroupInput.Emoji' Error:Field validation for 'Emoji' failed on the 'required' tag", 422, "#errors", "Nobody was added."},
	{true, "UpdateGroup", 403, "User does not have access", 403, "#errors", "Nobody was added."},
	{true, "UpdateGroup", 404, "Group not found", 404, "#errors", "Nobody was added."},
	{true, "UpdateGroup", 500, "Server error", 502, "#errors", "It isn't known whether anybody was added."},
	{true, "UpdateGroup", 401, "Unauthorized", 403, "#errors", "Nobody was added."},
	{true, "ListTeams", 403, "User does not have permission to view groups", 403, "#errors", "Nobody was added."},
}

func TestAddMembersRefused(t *testing.T) {
	track, focus := signedIn(t), withFocus(t)
	const name = "Delivery leads"
	for _, tt := range memberRefusals {
		t.Run(tt.operation+" "+tt.words, func(t *testing.T) {
			a, id := track.in(t), int64(0)
			if tt.focus {
				a = focus.in(t)
			}
			two := a.outsiders(name, 2)
			if id = two[0].UserID; tt.focus {
				id = two[0].ID
			}
			words := strings.ReplaceAll(tt.words, "USER", number(id))
			text := two[0].Email + "\n" + two[1].Email
			form := a.find(name, text).adding()
			body := jsonString(words)
			if tt.focus {
				body = `{"error":"bad_request","error_description":` + jsonString(words) + `,"trace_id":"trace-77"}`
			}
			address := a.groupMembers(name)
			a.upstream.Script(sandbox.Failure{Operation: tt.operation, Status: tt.status, Body: body, Times: -1})
			got := a.post(address, form).want(tt.shown)
			a.upstream.ClearScripts()
			got.has("#errors[role=alert]", tt.heading)
			got.has(tt.place, words)
			if tt.focus {
				got.has(strings.TrimSuffix(tt.place, " .err"), "trace-77")
			}
			if kept := got.Find("#people").Text(); kept != text {
				t.Errorf("kept %q", kept)
			}
			again := got.adding()
			if !slices.Equal(again["member"], form["member"]) {
				t.Errorf("ticked %q, was %q", again["member"], form["member"])
			}
			// The way on: without whoever was refused, or once more.
			if tt.place != "#errors" {
				got.has("button[value=without]", "Add the other one without them")
				again = got.pressing("without")
			}
			answer := a.post(a.groupMembers(name), again).want(http.StatusSeeOther)
			added := 2 - got.Find("button[value=without]").Length()
			a.get(answer.header.Get("Location")).has("h1", "Added "+plural(added))
			a.leave(name, two[0].UserID, two[1].UserID)
		})
	}
}

// sendUpstream changes something as somebody else would, behind Roster's back.
func (a *app) sendUpstream(method, path, body string) {
	a.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.SetBasicAuth(a.upstream.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	if a.upstream.ServeHTTP(w, r); w.Code != http.StatusOK {
		a.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	a.upstream.ResetRequests()
}

func joinNumbers(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = number(id)
	}
	return strings.Join(texts, ",")
}

func plural(n int) string {
	if n == 1 {
		return "1 member"
	}
	return number(int64(n)) + " members"
}

// leave takes users out of a group again.
func (a *app) leave(group string, userIDs ...int64) {
	a.t.Helper()
	body := `[{"op":"remove","path":"/users","value":[` + joinNumbers(userIDs) + `]}]`
	path := "/api/v9/organizations/" + number(a.org) + "/groups/" + number(a.upstreamGroup(group).GroupID)
	a.sendUpstream(http.MethodPatch, path, body)
}

// TestAddMembersInPart: Track takes some and refuses others, each with its words.
func TestAddMembersInPart(t *testing.T) {
	a := signedIn(t)
	const name = "Archive"
	two := a.outsiders(name, 2)
	form := a.find(name, two[0].Email+"\n"+two[1].Email).adding()
	form["member"][1] = number(two[1].ID) + "-999" // whom Track doesn't know
	answer := a.post(a.groupMembers(name), form).want(http.StatusSeeOther)
	result := a.get(answer.header.Get("Location")).want(http.StatusOK)
	result.has("h1", "Added 1 member to Archive")
	result.has("#main", "1 person was refused by Toggl.")
	result.has("#group-results li:nth-child(1)", two[0].Email, "Added")
	result.has("#group-results li:nth-child(2)", "User 999 not exists in the organization", "from Toggl", "Not added")
	if got := memberIDs(a.upstreamGroup(name)); !slices.Equal(got, []int64{two[0].UserID}) {
		t.Errorf("members %v", got)
	}
}

// TestAddMembersStops: Track takes a hundred at a time.
func TestAddMembersStops(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 400 })
	const name = "Archive"
	people := a.outsiders(name, 130)
	var text strings.Builder
	for _, u := range people {
		text.WriteString(u.Email + "\n")
	}
	form := a.find(name, text.String()).adding()
	if len(form["member"]) != 130 {
		t.Fatalf("%d people are ticked", len(form["member"]))
	}
	address := a.groupMembers(name)
	a.upstream.SetQuotaRemaining(2) // the group, and the first hundred
	answer := a.post(address, form).want(http.StatusSeeOther)
	result := a.get(answer.header.Get("Location"))
	result.has("h1", "Added 100 members to Archive")
	result.has("#main .note", "Toggl stopped on the way.", "Toggl's hourly limit is used up.")
	if n := len(result.Find("#group-results li:contains('Not added')").Nodes); n != 30 {
		t.Errorf("%d people are not added", n)
	}
	a.upstream.SetQuotaRemaining(9)
	for range 4 { // until the next hour, without being signed out
		a.pass(20 * time.Minute)
		a.get("/settings").want(http.StatusOK)
	}
	left := a.post(address, result.fields("#group-rest", "step")).want(http.StatusOK)
	if n := len(left.adding()["member"]); n != 30 {
		t.Errorf("%d people are left to add", n)
	}
	if n := len(a.upstreamGroup(name).Users); n != 100 {
		t.Errorf("%d members", n)
	}
}

// TestAddMembersWithoutAnAnswer: of whom nothing is known, and who surely wasn't sent.
func TestAddMembersWithoutAnAnswer(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 600 })
	const name = "Archive"
	var text strings.Builder
	for _, u := range a.outsiders(name, 230) {
		text.WriteString(u.Email + "\n")
	}
	form := a.find(name, text.String()).adding()
	a.upstream.Script(sandbox.Failure{Operation: "PatchTrackGroup", Body: `{"success":[],"failure":[]}`})
	a.upstream.Script(sandbox.Failure{Operation: "PatchTrackGroup", Status: http.StatusBadGateway, Times: -1})
	result := a.get(a.post(a.groupMembers(name), form).want(http.StatusSeeOther).header.Get("Location"))
	for words, want := range map[string]int{"Added": 100, "Not known whether added": 100, "Not added": 30} {
		named := result.Find("#group-results li > .tag").FilterFunction(func(_ int, s *selection) bool { return oneLine(s.Text()) == words })
		if n := named.Length(); n != want {
			t.Errorf("%s: %d, want %d", words, n, want)
		}
	}
}

// TestSomebodyElseAddsMembers: the group is read before it is sent, so that
// nobody is lost whom somebody else added meanwhile.
func TestSomebodyElseAddsMembers(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		const name = "Delivery leads"
		three := a.outsiders(name, 3)
		form := a.find(name, three[0].Email+"\n"+three[1].Email).adding()
		path := "/api/v9/organizations/" + number(a.org) + "/groups/" + number(a.upstreamGroup(name).GroupID)
		a.sendUpstream(http.MethodPatch, path, `[{"op":"add","path":"/users","value":[`+joinNumbers([]int64{three[1].UserID, three[2].UserID})+`]}]`)
		before := a.upstreamGroup(name)
		answer := a.post(a.groupMembers(name), form).want(http.StatusSeeOther)
		result := a.get(answer.header.Get("Location"))
		result.has("#group-results li:nth-child(1)", three[0].Email, "Added")
		result.has("#group-results li:nth-child(2)", three[1].Email, "Already a member")
		after := memberIDs(a.upstreamGroup(name))
		if want := append(memberIDs(before), three[0].UserID); !sameSet(after, want) {
			t.Errorf("members %v, want %v", after, want)
		}
	})
}

func sameSet(a, b []int64) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// TestHostilePeople: names and texts are only ever text.
func TestHostilePeople(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		const name = "Archive"
		two := a.outsiders(name, 2)
		markup := `<img src=x onerror=alert(1)>`
		long := strings.Repeat("Wolfeschlegelsteinhausen", 6)
		a.upstream.Replace(two[0].ID, func(u *sandbox.User) { u.Name = markup })
		a.upstream.Replace(two[1].ID, func(u *sandbox.User) { u.Name = "مريم " + long })
		text := `"><img src=x onerror=alert(1)>` + "\n" + two[0].Email + "\n" + long
		found := a.find(name, text)
		found.has("#group-people li:nth-child(2)", markup)
		found.has("#group-people li:nth-child(3)", "مريم")
		if found.Find("#main img, #main script, #main a[href^=javascript]").Length() > 0 {
			t.Error("markup came through")
		}
		answer := a.post(a.groupMembers(name), found.adding()).want(http.StatusSeeOther)
		result := a.get(answer.header.Get("Location"))
		result.has("#group-results", markup, "مريم", "<img src=x onerror=alert(1)> Left out")
		if result.Find("#main img").Length() > 0 {
			t.Error("markup came through")
		}
	})
}
