package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"roster/apiclient/sandbox"
)

// TestHostileAssignments: in the grid, its drawer and what is read out a name is
// a text like any other.
func TestHostileAssignments(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			plain := hostileGrid(t, "plain")
			shapes := hostileGrid(t, text)
			if !slices.Equal(shapes, plain) {
				t.Errorf("the pages have elements of the name's making: %v, want %v", shapes, plain)
			}
		})
	}
}

// hostileGrid shows and stages a user, a workspace and a group of one name, and
// returns how many elements and attributes the answers have.
func hostileGrid(t *testing.T, text string) []string {
	t.Helper()
	a := signedIn(t)
	quoted := jsonString(text)
	user := `[{"id":1,"user_id":2,"joined":true,"name":` + quoted + `,"email":"a@example.com","workspaces":[{"workspace_id":5,"workspace_name":` + quoted +
		`,"groups":[{"group_id":6,"name":` + quoted + `}]}],"groups":[{"group_id":6,"name":` + quoted + `}]}]`
	for operation, body := range map[string]string{
		"ListOrganizationUsers": user, "ListGroups": `[{"group_id":6,"name":` + quoted + `,"workspaces":[5],"users":[{"user_id":2,"name":` + quoted + `}]}]`,
		"ListMyWorkspaces": `[{"id":5,"organization_id":` + number(a.org) + `,"name":` + quoted + `}]`,
	} {
		a.upstream.Script(sandbox.Failure{Operation: operation, Body: body, Times: -1})
	}
	want := shown(text)
	users, groups := a.get(a.assignments("")).want(http.StatusOK), a.get(a.assignments("rows=groups")).want(http.StatusOK)
	staged := a.stage("", "remove", "u2-5").want(http.StatusOK)
	a.stage("rows=groups", "remove", "g6-5").want(http.StatusOK)
	whole := a.get(a.assignments("staged=true")).want(http.StatusOK)
	for place, got := range map[string]string{
		"the row": users.text("#users tbody th a"), "the column": users.text("#users thead th bdi"), "the group": groups.text("#users tbody th bdi"),
		"the drawer's workspace": staged.text("#staged h3"), "the drawer's line": staged.text("#staged li .trunc"), "the row with changes": whole.text("#users tbody th a"),
	} {
		if got != want {
			t.Errorf("%s is %q, want %q", place, got, want)
		}
	}
	if label := oneLine(users.attr("#users tbody input", "aria-label")); label != oneLine(shown(text)+" in "+shown(text)+", via "+shown(text)+", perhaps also direct") {
		t.Errorf("the box is called %q", label)
	}
	if said := staged.text("#announce"); said != oneLine("Staged: remove "+want+" from "+want+". 1 change") {
		t.Errorf("read out is %q", said)
	}
	var shapes []string
	for _, p := range []page{users, groups, staged, whole} {
		attributes := 0
		p.Find("main *, #staged *").Each(func(_ int, s *selection) { attributes += len(s.Get(0).Attr) })
		shapes = append(shapes, countOf(p, "*"), number(int64(attributes)), countOf(p, "script, img, iframe, object, style"))
	}
	return shapes
}
