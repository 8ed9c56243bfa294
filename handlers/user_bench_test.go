package handlers_test

import (
	"testing"

	"roster/apiclient"
)

// BenchmarkUserPage serves the form of a user in eight workspaces from a warm
// cache through the real router.
func BenchmarkUserPage(b *testing.B) {
	benchmarkPage(b, func(a *app) string {
		return a.userPage(a.pick(func(u apiclient.OrganizationUser) bool { return len(u.Workspaces) == 8 }))
	})
}
