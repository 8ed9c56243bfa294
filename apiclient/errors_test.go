package apiclient_test

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

func TestErrorBodies(t *testing.T) {
	long := strings.Repeat("é", 600)
	for name, tc := range map[string]struct {
		body, message, code, trace string
	}{
		"a JSON text":             {body: `"Invalid role_id."`, message: "Invalid role_id."},
		"plain text":              {body: "  Invalid group ID.\n", message: "Invalid group ID."},
		"Focus":                   {`{"error":"validation","error_description":"name is required","error_values":{},"trace_id":"0af7651916cd43dd"}`, "name is required", "validation", "0af7651916cd43dd"},
		"message":                 {body: `{"message":"No."}`, message: "No."},
		"error":                   {body: `{"error":"No such thing"}`, message: "No such thing"},
		"error_message":           {body: `{"error_message":"No."}`, message: "No."},
		"errors, a list":          {body: `{"errors":["One","Two"]}`, message: "One; Two"},
		"errors, objects":         {body: `{"errors":[{"message":"One"}]}`, message: "One"},
		"a list":                  {body: `["One","Two"]`, message: "One; Two"},
		"a nested error":          {body: `{"error":{"message":"No.","code":7}}`, message: "No."},
		"nulls":                   {body: `{"error":null,"message":null}`},
		"nothing":                 {body: ``},
		"null":                    {body: `null`},
		"a number":                {body: `42`},
		"an empty object":         {body: `{}`},
		"deep":                    {body: strings.Repeat(`{"error":`, 50) + `"x"` + strings.Repeat(`}`, 50)},
		"HTML":                    {body: "<html><body>502 Bad Gateway</body></html>"},
		"HTML after a space":      {body: " \n<!DOCTYPE html><p>x"},
		"HTML in a JSON text":     {body: `"<h1>Oops</h1>"`},
		"HTML further back":       {body: `Error <html><b>x</b></html>`},
		"HTML in a description":   {body: `{"error_description":"<p>x</p>","error":"internal"}`, code: "internal"},
		"signs that aren't HTML":  {body: `"page parameter must contain values > 0."`, message: "page parameter must contain values > 0."},
		"control characters":      {body: `"a\u0000b\u001b[31mc\nd\te\u202ef"`, message: "ab[31mc d ef"},
		"broken UTF-8":            {body: "a\xffb", message: "ab"},
		"too long":                {body: long, message: strings.Repeat("é", 499) + "…"},
		"a text cut short":        {body: `"Invalid`, message: `"Invalid`},
		"a trace id with an idea": {body: `{"message":"No.","trace_id":"x<script>"}`, message: "No."},
		"a code with an idea":     {body: `{"error":"A B<","error_description":"No."}`, message: "No."},
	} {
		_, err := newClient(t, answers(respond(400, tc.body))).GetOrganization(t.Context(), orgID)
		checkError(t, name, apiclient.Error{
			API: "track", Op: "GetOrganization", Kind: apiclient.ErrRefused, Status: 400, Message: tc.message, Code: tc.code, TraceID: tc.trace,
		}, err)
	}
}

func TestKindsOfStatuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for status, kind := range map[int]apiclient.Kind{
			400: apiclient.ErrRefused, 401: apiclient.ErrUnauthorized, 402: apiclient.ErrPlan, 403: apiclient.ErrForbidden, 404: apiclient.ErrNotFound,
			405: apiclient.ErrNotAvailable, 406: apiclient.ErrRefused, 408: apiclient.ErrUnreachable, 409: apiclient.ErrRefused, 410: apiclient.ErrNotAvailable,
			413: apiclient.ErrRefused, 422: apiclient.ErrRefused, 429: apiclient.ErrRateLimited, 500: apiclient.ErrUnreachable, 503: apiclient.ErrUnreachable,
			599: apiclient.ErrUnreachable, 304: apiclient.ErrUnreachable, 101: apiclient.ErrUnreachable,
		} {
			_, err := newClient(t, answers(respond(status, `"no"`))).GetOrganization(t.Context(), orgID)
			if !errors.Is(err, kind) {
				t.Errorf("%d is %v, want %q", status, err, kind)
			}
		}
	})
}

func TestTraceIDComesFromHeadersToo(t *testing.T) {
	_, err := newClient(t, answers(respond(404, `"no"`, "X-Toggl-Request-Id", "abc-123"))).GetOrganization(t.Context(), orgID)
	checkError(t, "", apiclient.Error{API: "track", Op: "GetOrganization", Kind: apiclient.ErrNotFound, Status: 404, Message: "no", TraceID: "abc-123"}, err)
}

func TestErrorsAreFitForLogs(t *testing.T) {
	_, err := newClient(t, answers(respond(400, `"Invalid e-mail: 'someone@example.com'"`))).
		ListOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{Filter: "someone@example.com"})
	if got, want := err.Error(), "track ListOrganizationUsers: refused (400)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	broken := failWith(errors.New("dial tcp: someone@example.com not-a-real-token"))
	_, err = newClient(t, answers(broken)).GetMe(t.Context())
	if got, want := err.Error(), "track GetMe: upstream could not answer"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestErrorHoldsScalarsOnly(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[apiclient.Error]()) {
		switch field.Type.Kind() {
		case reflect.String, reflect.Int, reflect.Int64:
		default:
			t.Errorf("%s is a %s", field.Name, field.Type)
		}
	}
}

func TestCredentialsNeverPrint(t *testing.T) {
	secret := apiclient.Credentials{APIToken: "s3cret-token", Email: "s3cret@example.com", Password: "s3cret-password", FocusKey: "s3cret-key"}
	client := newFactory(t, answers(respond(200, `{}`))).Client(secret)
	var log strings.Builder
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("x", "credentials", secret, "pointer", &secret, "nested", struct{ C apiclient.Credentials }{secret})
	text := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
		text += fmt.Sprintf(verb+" "+verb+" "+verb, secret, &secret, struct{ C apiclient.Credentials }{secret})
		text += fmt.Sprintf(verb+" "+verb, client, *client)
	}
	if strings.Contains(text, "s3cret") || strings.Contains(text, "733363726574") {
		t.Errorf("a secret is printed: %s", text)
	}
}

func TestQuotaOrPlan(t *testing.T) {
	for name, tc := range map[string]struct {
		body    string
		headers []string
		kind    apiclient.Kind
		after   time.Duration
	}{
		"a feature":               {body: `"Custom project colors available only for premium plans"`, kind: apiclient.ErrPlan},
		"a feature, calls left":   {`"premium only"`, []string{"X-Toggl-Quota-Remaining", "12", "X-Toggl-Quota-Resets-In", "60"}, apiclient.ErrPlan, 0},
		"the header":              {``, []string{"X-Toggl-Quota-Remaining", "0", "X-Toggl-Quota-Resets-In", "1838"}, apiclient.ErrQuota, 1838 * time.Second},
		"the words, as JSON":      {body: `"You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds."`, kind: apiclient.ErrQuota, after: 1838 * time.Second},
		"the words, bare":         {body: `You have hit your hourly limit for API calls. The quota will reset in 133 seconds.`, kind: apiclient.ErrQuota, after: 133 * time.Second},
		"the words, no time":      {body: `You have hit your hourly limit for API calls. Please upgrade to a paid plan...`, kind: apiclient.ErrQuota},
		"the words and a header":  {`"quota will reset in 5 seconds"`, []string{"Retry-After", "9"}, apiclient.ErrQuota, 9 * time.Second},
		"an unbelievable header":  {``, []string{"X-Toggl-Quota-Remaining", "0", "X-Toggl-Quota-Resets-In", "999999999999"}, apiclient.ErrQuota, 24 * time.Hour},
		"a header that is no use": {``, []string{"X-Toggl-Quota-Remaining", "0", "X-Toggl-Quota-Resets-In", "soon"}, apiclient.ErrQuota, 0},
	} {
		_, err := newClient(t, answers(respond(402, tc.body, tc.headers...))).GetOrganization(t.Context(), orgID)
		var e *apiclient.Error
		if !errors.As(err, &e) || e.Kind != tc.kind || e.RetryAfter != tc.after {
			t.Errorf("%s: %#v", name, err)
		}
	}
}
