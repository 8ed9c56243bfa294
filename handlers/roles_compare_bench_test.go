package handlers

import (
	"strconv"
	"testing"

	"roster/apiclient"
	"roster/views"
)

// nineRoles have each their own part of 200 permissions, a third of them under
// a condition.
func nineRoles() []apiclient.Role {
	roles := make([]apiclient.Role, 9)
	for i := range roles {
		roles[i] = apiclient.Role{RoleID: int64(i + 1), Name: "Role " + strconv.Itoa(i+1), Entity: "workspace", PrivilegeLevel: int64(90 - i)}
		for n := range 200 {
			p := apiclient.Permission{PermissionID: int64(n + 1), Name: "permission_" + strconv.Itoa(n+1), Entity: "entity_" + strconv.Itoa(n/20)}
			if (n+i)%3 == 0 {
				p.Condition = "If it is theirs"
			}
			if (n*7+i)%4 != 0 {
				roles[i].Permissions = append(roles[i].Permissions, p)
			}
		}
	}
	return roles
}

func nineCompared() organizationRoles {
	r := organizationRoles{organizationID: 7, upstreamID: 7, focus: true, roles: nineRoles()}
	for _, role := range r.roles {
		r.query.Roles = append(r.query.Roles, role.RoleID)
	}
	return r
}

// BenchmarkCompareRoles sets 9 roles with 200 permissions side by side.
func BenchmarkCompareRoles(b *testing.B) {
	roles := nineRoles()
	b.ReportAllocs()
	for b.Loop() {
		if c := compareRoles(roles, roles); c.differing != 200 {
			b.Fatalf("%d differ", c.differing)
		}
	}
}

// BenchmarkCompareRolesView makes what the page prints of it, too.
func BenchmarkCompareRolesView(b *testing.B) {
	r := nineCompared()
	b.ReportAllocs()
	for b.Loop() {
		if v := r.comparisonView(rolePeople{}); len(v.Groups) != 10 {
			b.Fatalf("%d groups", len(v.Groups))
		}
	}
}

// BenchmarkCompareRolesRender prints it: 1800 cells.
func BenchmarkCompareRolesRender(b *testing.B) {
	r := nineCompared()
	v := r.comparisonView(rolePeople{})
	w := &discard{}
	b.ReportAllocs()
	for b.Loop() {
		w.bytes = 0
		if err := views.RoleComparisonResults(v).Render(b.Context(), w); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(w.bytes), "B/page")
}

type discard struct{ bytes int }

func (d *discard) Write(p []byte) (int, error) {
	d.bytes += len(p)
	return len(p), nil
}
