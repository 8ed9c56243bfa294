package handlers_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// manyPermissions are 9 roles, of which each has its own part of 200 permissions.
func manyPermissions() []apiclient.Role {
	roles := make([]apiclient.Role, 9)
	for i := range roles {
		roles[i] = apiclient.Role{
			RoleID: int64(i + 1), Name: "Role " + strconv.Itoa(i+1), Code: "role_" + strconv.Itoa(i+1), Entity: "workspace", PrivilegeLevel: int64(90 - i),
			Description: "One of nine roles that differ.",
		}
		for n := range 200 {
			p := apiclient.Permission{
				PermissionID: int64(n + 1), Name: "permission_" + strconv.Itoa(n+1), Description: "Do the thing number " + strconv.Itoa(n+1), Entity: "entity_" + strconv.Itoa(n/20),
			}
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

// BenchmarkComparisonPage serves 9 roles with 200 permissions from a warm cache
// through the real router, compressed. See BenchmarkCompareRoles for what the
// comparison itself takes.
func BenchmarkComparisonPage(b *testing.B) {
	a := withFocus(b)
	body, err := json.Marshal(manyPermissions())
	must(b, err)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListRoles", Body: string(body), Times: -1})
	path := a.roles("/comparison?role=" + strings.Join([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, "&role="))
	if n := a.get(path).want(http.StatusOK).Find("#comparison tr.differs td").Length(); n != 1800 {
		b.Fatalf("%d cells", n)
	}
	a.serve(b, a.warm(path))
}
