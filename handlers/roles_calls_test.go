package handlers_test

import "testing"

// TestCallsOfRoles is the table of what the pages about roles cost.
func TestCallsOfRoles(t *testing.T) {
	roles := func(rest string) func(*app) { return opens(func(a *app) string { return a.roles(rest) }) }
	signIn := step{"sign in", signsIn, "GetMe ListMyOrganizations"}
	checkCalls(t, map[string][]step{
		"roles of Focus": {
			signIn,
			{"connect", connects, "ListMyGroups"},
			{"the list", roles(""), "ListRoles"},
			{"again", roles(""), ""},
			{"a search", roles("?q=admin"), ""},
			{"a comparison", roles("/comparison?role=15&role=16"), ""},
			{"its file", roles("/comparison.csv?role=15&role=16"), ""},
			{"the permissions", roles("/permissions"), ""},
			{"who can", roles("/permissions?permission=11"), "ListUsers"},
			{"who can, again", roles("/permissions?permission=11"), ""},
			{"count people", roles("?reads=10"), "ListUsers ListUsers ListUsers"},
			{"the counts again", roles(""), ""},
			{"after the refresh", func(a *app) { refresh(a); roles("")(a) }, "ListRoles"},
			{"Track's", roles("?source=track"), "ListRoles"},
		},
		"roles of Track": {
			signIn,
			{"the list", roles(""), "ListRoles"},
			{"a comparison", roles("/comparison?role=1&role=2"), ""},
			{"who can", roles("/permissions?permission=11"), ""},
			{"who has a role", roles("/permissions?role=1"), ""},
			{"count people", roles("?reads=10"), "ListOrganizationUsers"},
			{"who can", roles("/permissions?permission=11"), ""},
		},
		"straight to a comparison": {signIn, {"cold", roles("/comparison?role=1"), "ListRoles"}},
	})
}
