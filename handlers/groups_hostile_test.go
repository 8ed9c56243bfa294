package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"roster/apiclient/sandbox"
)

// hostileGroups answers for groups whose every text is the same.
func hostileGroups(a *app, text string) {
	q := jsonString(text)
	a.upstream.ClearScripts()
	for operation, body := range map[string]string{
		"ListTeams": `{"page":1,"rows":1,"total":1,"data":[{"id":6,"name":` + q + `,"emoji":` + q + `,"ghosts":[{"id":1,"name":` + q + `}],
			"users":[{"organization_user_id":7,"user_account_id":8,"display_name":` + q + `}],"workspaces":[{"workspace_id":5,"name":` + q + `}]}]}`,
		"ListMyGroups":     `[{"id":6,"name":` + q + `,"emoji":` + q + `}]`,
		"ListMyWorkspaces": `[{"id":5,"organization_id":` + number(a.org) + `,"name":` + q + `}]`,
		"ListGroups": `[{"group_id":6,"name":` + q + `,"permissions":[` + q + `],"workspaces":[5],
			"users":[{"user_id":` + number(a.upstream.Owner().UserID) + `,"name":` + q + `,"joined":true}]}]`,
		"ListOrganizationUsers": `[{"id":7,"user_id":` + number(a.upstream.Owner().UserID) + `,"joined":true,"name":` + q + `,"email":` + q + `,
			"groups":[{"group_id":6,"name":` + q + `}],"workspaces":[{"workspace_id":5,"workspace_name":` + q + `,"groups":[{"group_id":6,"name":` + q + `}]}]}]`,
	} {
		a.upstream.Script(sandbox.Failure{Operation: operation, Body: body, Times: -1})
	}
	a.post(a.orgURL()+"/refresh", nil)
}

// TestHostileGroups: on every page about a group its name, emoji, members,
// placeholders and workspaces are texts like any other.
func TestHostileGroups(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		a.get(a.orgURL() + "/users/7") // what else a page offers is on it from the second visit on
		shapes := func(text string) []string {
			hostileGroups(a, text)
			var list []string
			for _, path := range []string{"", "/6/access?of=focus", "/6", "/6/deletion", "/6/members", "/mine", "/new"} {
				got := a.get(a.groups("") + path).want(http.StatusOK)
				attributes := 0
				got.Find("main *").Each(func(_ int, s *selection) { attributes += len(s.Get(0).Attr) })
				list = append(list, path, countOf(got, "main *"), countOf(got, "main script, main img, main style"), number(int64(attributes)))
			}
			return list
		}
		shapes("Plain")
		plain := shapes("Plain")
		for name, text := range hostile {
			t.Run(name, func(t *testing.T) {
				if got := shapes(text); !slices.Equal(got, plain) {
					t.Errorf("elements of the name's making: %v, want %v", got, plain)
				}
				places := map[string]string{
					"": "#groups tbody th a", "/6": "h1", "/6/deletion": ".crumbs a:last-of-type", "/6/access": ".crumbs a:nth-of-type(2)", "/mine": ".glist b",
				}
				for path, place := range places {
					if got := a.get(a.groups("") + path).text(place); got != shown(text) {
						t.Errorf("%s, %s says %q, want %q", path, place, got, shown(text))
					}
				}
				group := a.get(a.groups("") + "/6")
				if emoji := group.attr("#group-form [name=emoji]", "value"); focus && shown(emoji) != shown(text) {
					t.Errorf("the emoji is %q", emoji)
				}
				if got := group.text("#members .rows .who a"); got != shown(text) {
					t.Errorf("the member is %q", got)
				}
			})
		}
	})
}
