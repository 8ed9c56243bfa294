package apiclient_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

func TestPages(t *testing.T) {
	full := "[" + strings.TrimSuffix(strings.Repeat(`{},`, 50), ",") + "]"
	for name, tc := range map[string]struct {
		body    string
		headers []string
		want    apiclient.Page
	}{
		"counted":               {`[{}]`, []string{"X-Page", "2", "X-Pages", "5", "X-Page-Size", "50", "X-Records", "214"}, apiclient.Page{Number: 2, Size: 50, Pages: 5, Records: 214, Known: true, HasNext: true}},
		"counted, the last":     {full, []string{"X-Page", "5", "X-Pages", "5", "X-Page-Size", "50", "X-Records", "250"}, apiclient.Page{Number: 5, Size: 50, Pages: 5, Records: 250, Known: true}},
		"counted, none":         {`[]`, []string{"X-Page", "1", "X-Pages", "0", "X-Page-Size", "50", "X-Records", "0"}, apiclient.Page{Number: 1, Size: 50, Known: true}},
		"not counted, full":     {full, nil, apiclient.Page{Number: 1, Size: 50, HasNext: true}},
		"not counted, short":    {`[{}]`, nil, apiclient.Page{Number: 1, Size: 50}},
		"not counted, empty":    {`[]`, nil, apiclient.Page{Number: 1, Size: 50}},
		"headers that lie":      {`[{}]`, []string{"X-Page", "x", "X-Pages", "-3", "X-Page-Size", "0", "X-Records", "1e9"}, apiclient.Page{Number: 1, Size: 50}},
		"only some headers":     {full, []string{"X-Pages", "9"}, apiclient.Page{Number: 1, Size: 50, HasNext: true}},
		"counted without where": {full, []string{"X-Pages", "9", "X-Records", "401"}, apiclient.Page{Number: 1, Size: 50, Pages: 9, Records: 401, Known: true, HasNext: true}},
	} {
		got, err := listUsers(t, tc.body, tc.headers...)
		if diff := cmp.Diff(tc.want, got.Page); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestTeams(t *testing.T) {
	for name, tc := range map[string]struct {
		body  string
		teams int
		page  apiclient.Page
	}{
		"counted":       {`{"data":[{"id":1,"users":[{"track_role_id":null}],"ghosts":[{"id":2}]},{"id":2}],"page":2,"rows":2,"total":7}`, 2, apiclient.Page{Number: 2, Size: 2, Pages: 4, Records: 7, Known: true, HasNext: true}},
		"counted, last": {`{"data":[{"id":1}],"page":4,"rows":2,"total":7}`, 1, apiclient.Page{Number: 4, Size: 2, Pages: 4, Records: 7, Known: true}},
		"null":          {`{"data":null,"page":null,"total":null}`, 0, apiclient.Page{Number: 2, Size: 2}},
		"empty":         {`{}`, 0, apiclient.Page{Number: 2, Size: 2}},
		"items":         {`{"items":[{},{}]}`, 2, apiclient.Page{Number: 2, Size: 2, HasNext: true}},
		"bare":          {`[{},{}]`, 2, apiclient.Page{Number: 2, Size: 2, HasNext: true}},
		"wrong total":   {`{"data":[{},{}],"total":-1}`, 2, apiclient.Page{Number: 2, Size: 2, HasNext: true}},
	} {
		c := newClient(t, answers(respond(200, tc.body)))
		got, err := c.ListTeams(t.Context(), orgID, apiclient.ListTeamsOptions{WorkspaceID: 1, Page: 2, PerPage: 2})
		if diff := cmp.Diff(tc.page, got.Page); diff != "" || err != nil || len(got.Teams) != tc.teams {
			t.Errorf("%s: %d teams, error %v (-want +got):\n%s", name, len(got.Teams), err, diff)
		}
	}
}
