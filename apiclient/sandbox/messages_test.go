package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// A refusal is a message of the contracts and a request that is answered with
// it. Placeholders in paths and bodies, such as {large}, are those of places.
type refusal struct {
	operation, message string
	path, body         string
	who                string // "owner" unless given
	api                string // Track unless given
	options            Options
	prepare            func(*tester)
}

// places are the ids that the requests of the table name.
func places(s *Server) map[string]string {
	w := s.world
	large, free, trial := w.organizations[largeOrganizationID], small(w, "Birch & Line"), small(w, "Fjord Collective")
	inFree := free.sorted[slices.IndexFunc(free.sorted, func(u *orgUser) bool { return u != free.owner })]
	inactive := large.sorted[slices.IndexFunc(large.sorted, func(u *orgUser) bool { return u.inactive })]
	invited := large.sorted[slices.IndexFunc(large.sorted, func(u *orgUser) bool { return u.invitation != 0 })]
	shared := large.sorted[slices.IndexFunc(large.sorted, func(u *orgUser) bool { return !u.isOwner() && len(u.account.users) > 1 })]
	member := w.personas.member
	admin := large.sorted[slices.IndexFunc(large.sorted, func(u *orgUser) bool { return u.isAdmin() && u != large.owner && u != large.paying })]
	ids := map[string]int64{
		"large": large.id, "free": free.id, "trial": trial.id,
		"owner": large.owner.id, "paying": large.paying.id, "member": member.id, "shared": shared.id, "in_free": inFree.id,
		"owner_account": large.owner.account.id, "paying_account": large.paying.account.id, "admin_account": admin.account.id,
		"ws": large.workspaces[0].id, "ws2": large.workspaces[1].id, "free_ws": free.workspaces[0].id,
		"wu": member.memberships[0].id, "wu_ws": member.memberships[0].workspace.id, "wu_free": inFree.memberships[0].id,
		"group": large.groups[0].id, "free_group": free.groups[0].id, "invitation": invited.invitation,
	}
	for _, ws := range large.workspaces {
		if ws != member.memberships[0].workspace {
			ids["other_ws"] = ws.id
		}
	}
	texts := map[string]string{
		"inactive_email": inactive.account.email, "taken_email": large.owner.account.email,
		"taken_group": large.groups[1].name, "taken_ws": large.workspaces[0].name,
		"long": strings.Repeat("ä", 201), "today": "2026-11-21",
	}
	for name, id := range ids {
		texts[name] = strconv.FormatInt(id, 10)
	}
	return texts
}

func small(w *world, name string) *organization {
	for _, o := range w.organizations {
		if o.name == name {
			return o
		}
	}
	panic("no organization " + name)
}

func fill(text string, places map[string]string) string {
	pairs := make([]string, 0, 2*len(places))
	for name, value := range places {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// caller picks the persona of a row.
func (t *tester) caller(who string) Persona {
	w := t.server.world
	switch who {
	case "admin":
		return t.server.Admin()
	case "member":
		return t.server.Member()
	case "nobody":
		return Persona{APIToken: "00000000000000000000000000000000", FocusKey: "toggl_sk_x"}
	case "paying":
		return t.server.persona(w.organizations[largeOrganizationID].paying)
	}
	return t.server.Owner()
}

func TestEveryMessageIsReached(t *testing.T) {
	for _, row := range refusals {
		t.Run(row.operation+"/"+row.message, func(t *testing.T) {
			if row.options.Users == 0 {
				row.options.Users = 120
			}
			sandbox := newTester(t, row.options)
			api := row.api
			if api == "" {
				api = apiTrack
			}
			method, base, want := documented(t, api, row.operation, row.message)
			at := places(sandbox.server)
			if row.prepare != nil {
				row.prepare(sandbox)
			}
			w := sandbox.send(sandbox.caller(row.who), method, base+fill(row.path, at), fill(row.body, at))
			if got := w.Code; got != want {
				t.Fatalf("status %d, want %d: %s", got, want, w.Body)
			}
			if got := errorText(t, api, w.Body.Bytes()); !pattern(row.message).MatchString(got) {
				t.Errorf("message %q, want %q", got, row.message)
			}
		})
	}
}

func errorText(t *testing.T, api string, body []byte) string {
	t.Helper()
	if api == apiTrack {
		var text string
		if err := json.Unmarshal(body, &text); err != nil {
			t.Fatalf("no JSON string: %s", body)
		}
		return text
	}
	var wire map[string]string
	if err := json.Unmarshal(body, &wire); err != nil || wire["error"] == "" || wire["trace_id"] == "" {
		t.Fatalf("no Focus error: %s", body)
	}
	return wire["error_description"]
}

// pattern turns a message with placeholders into an expression.
func pattern(message string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(message)
	quoted = strings.ReplaceAll(quoted, `\.\.\.`, `.+`)
	quoted = strings.ReplaceAll(quoted, `1234`, `\d+`)
	quoted = regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(quoted, `.+`)
	return regexp.MustCompile("^" + quoted + "$")
}

// documented finds where a contract lists a message.
func documented(t *testing.T, api, operation, message string) (method, base string, status int) {
	t.Helper()
	for _, item := range contracts[api].Paths.Map() {
		for method, op := range item.Operations() {
			if op.OperationID != operation {
				continue
			}
			for code, messages := range messagesOf(api, op) {
				if slices.Contains(messages, message) {
					return method, strings.TrimSuffix(contracts[api].Servers[0].URL, "/"), code
				}
			}
		}
	}
	t.Fatalf("the contract has no message %q at %s", message, operation)
	return "", "", 0
}

// messagesOf are the messages of an operation by status: those listed, and
// where none are the description itself.
func messagesOf(api string, op *openapi3.Operation) map[int][]string {
	found := map[int][]string{}
	for code, response := range op.Responses.Map() {
		status, err := strconv.Atoi(code)
		if err != nil {
			panic(err)
		}
		if listed, ok := response.Value.Extensions["x-messages"].([]any); ok {
			for _, message := range listed {
				found[status] = append(found[status], fmt.Sprint(message))
			}
			continue
		}
		worded := status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusBadRequest && api == apiTrack
		if worded {
			found[status] = []string{*response.Value.Description}
		}
	}
	return found
}

func TestNoMessageOfTheContractsIsMissing(t *testing.T) {
	covered := map[string]bool{}
	for _, row := range refusals {
		api := row.api
		if api == "" {
			api = apiTrack
		}
		covered[api+" "+row.operation+": "+row.message] = true
	}
	total := 0
	for api, doc := range contracts {
		for _, item := range doc.Paths.Map() {
			for _, op := range item.Operations() {
				for _, message := range slices.Concat(slices.Collect(maps.Values(messagesOf(api, op)))...) {
					total++
					if key := api + " " + op.OperationID + ": " + message; !covered[key] {
						t.Errorf("no request for %s", key)
					}
				}
			}
		}
	}
	if total < 130 {
		t.Errorf("only %d messages were read from the contracts", total)
	}
}
