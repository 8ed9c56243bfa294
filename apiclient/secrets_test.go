package apiclient_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"roster/apiclient"
)

func TestAuditLog(t *testing.T) {
	event := `{"created_at":"2026-11-01T10:00:00Z","user_id":3,"action":"update","entity_type":"workspace_user",
		"old_value":{"name":"A","invitation_code":"s3cret"},"new_value":[{"API_Token":"s3cret","rate":1.5}],"meta_data":null}`
	want := apiclient.AuditEvent{
		CreatedAt: time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC), UserID: 3, Action: "update", EntityType: "workspace_user",
		OldValue: map[string]any{"name": "A"}, NewValue: []any{map[string]any{"rate": 1.5}},
	}
	for _, body := range []string{
		"[" + event + "]",
		`{"events":[` + event + `],"user_summaries":{"3":{"name":"Ann"},"x":{"name":"no"}},"group_summaries":{"4":"Design"},"workspace_summaries":null}`,
	} {
		c := newClient(t, answers(respond(200, body)))
		got, err := c.ListAuditLog(t.Context(), orgID, time.Time{}, time.Now(), apiclient.ListAuditLogOptions{})
		check(t, []apiclient.AuditEvent{want}, got.Events, err)
		if strings.HasPrefix(body, "{") && (got.UserNames[3] != "Ann" || len(got.UserNames) != 1 || got.GroupNames[4] != "Design") {
			t.Errorf("names: %v %v", got.UserNames, got.GroupNames)
		}
	}
}

// TestSecretsHaveNoField walks all types that answers are decoded into.
func TestSecretsHaveNoField(t *testing.T) {
	secrets := map[string]bool{
		"api_token": true, "ical_url": true, "invite_url": true, "invitation_code": true, "intercom_hash": true, "code": true,
	}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(typ.Elem())
		case reflect.Struct:
			if seen[typ] || typ == reflect.TypeFor[time.Time]() {
				return
			}
			seen[typ] = true
			for _, field := range reflect.VisibleFields(typ) {
				// A role's code is its public name.
				if name := field.Tag.Get("json"); secrets[name] && typ != reflect.TypeFor[apiclient.Role]() {
					t.Errorf("%s.%s would hold %s", typ.Name(), field.Name, name)
				}
				walk(field.Type)
			}
		}
	}
	client := reflect.TypeFor[*apiclient.Client]()
	for i := range client.NumMethod() {
		method := client.Method(i).Type
		for result := range method.NumOut() {
			walk(method.Out(result))
		}
	}
	if !seen[reflect.TypeFor[apiclient.InvitationResult]()] || len(seen) < 25 {
		t.Errorf("only %d types were seen", len(seen))
	}
}

func TestSecretsAreNotReadAround(t *testing.T) {
	body := `{"data":[{"email":"a@example.com","invite_url":"s3cret"}],"invitations":[{"code":"s3cret","email":"a@example.com"}],"messages":["ok"]}`
	got, err := newClient(t, answers(respond(200, body))).InviteUsers(t.Context(), orgID, apiclient.InvitationInput{})
	check(t, apiclient.InvitationResult{
		Data: []apiclient.InvitationDatum{{Email: "a@example.com"}}, Invitations: []apiclient.Invitation{{Email: "a@example.com"}}, Messages: []string{"ok"},
	}, got, err)
}
