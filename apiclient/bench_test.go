package apiclient_test

import (
	"fmt"
	"strings"
	"testing"

	"roster/apiclient"
)

// usersBody has the shape and size of a page of the service.
func usersBody(users int) string {
	var text strings.Builder
	for i := range users {
		fmt.Fprintf(&text, `,{"id":%d,"user_id":%d,"organization_id":1000001,"name":"Zoë Müller %d","email":"person%d@example.com",`+
			`"avatar_url":"https://avatars.example.com/%d.png","role_id":%d,"admin":false,"owner":false,"joined":true,"inactive":false,`+
			`"invitation_id":null,"can_edit_email":true,"2fa_enabled":%t,"toggl_accounts_id":"AAAAAAAAAAAAAAAAAAAAAA","workspace_count":2,"workspaces":[`,
			5000000+i, 3000000+i, i, i, i, 3+i%3, i%2 == 0)
		for w := range 1 + i%3 {
			if w > 0 {
				text.WriteByte(',')
			}
			fmt.Fprintf(&text, `{"workspace_id":%d,"workspace_user_id":%d,"workspace_name":"Workspace %d","role_id":2,"role":"user","admin":false,`+
				`"inactive":false,"rate":%d.5,"cost":null,"default_currency":"EUR","working_hours":8,"view_edit_billable_rates":null,`+
				`"view_edit_labor_costs":null,"groups":[{"group_id":%d,"name":"Design"}]}`, 2000001+w, 7000000+i*8+w, w, 40+i%50, 400000+i%17)
		}
		fmt.Fprintf(&text, `],"groups":[{"group_id":%d,"name":"Design"}],"created_at":"2024-12-16T19:09:07.041832Z","updated_at":"2026-11-20T07:42:35.365613Z"}`,
			400000+i%17)
	}
	return "[" + strings.TrimPrefix(text.String(), ",") + "]"
}

// BenchmarkDecodeUsers200 is a cold read of 200 users, but for the network.
func BenchmarkDecodeUsers200(b *testing.B) {
	benchmarkUsers(b, func(c *apiclient.Client) *apiclient.Client { return c.Fresh() })
}

// BenchmarkWarmUsers200 is the same read from the cache.
func BenchmarkWarmUsers200(b *testing.B) {
	benchmarkUsers(b, func(c *apiclient.Client) *apiclient.Client { return c })
}

func benchmarkUsers(b *testing.B, use func(*apiclient.Client) *apiclient.Client) {
	body := usersBody(200)
	f := newFactory(b, answers(respond(200, body)), func(o *apiclient.Options) { o.RatePerSecond, o.Burst = 1e12, 1<<30 })
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		page, err := use(f.Client(owner)).ListOrganizationUsers(b.Context(), orgID, apiclient.ListOrganizationUsersOptions{PerPage: "200"})
		if err != nil || len(page.Users) != 200 {
			b.Fatal(len(page.Users), err)
		}
	}
}
