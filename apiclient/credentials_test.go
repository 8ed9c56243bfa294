package apiclient_test

import (
	"errors"
	"strings"
	"testing"

	"roster/apiclient"
)

func TestMissingCredentials(t *testing.T) {
	u := answers(respond(200, `{}`))
	f := newFactory(t, u)
	onlyFocus, onlyTrack := f.Client(apiclient.Credentials{FocusKey: "x", Email: "half@example.com"}), f.Client(apiclient.Credentials{APIToken: "x"})
	if _, err := onlyFocus.GetMe(t.Context()); !errors.Is(err, apiclient.ErrNoTrack) || onlyFocus.HasTrack() || !onlyFocus.HasFocus() {
		t.Errorf("without Track: %v", err)
	}
	if _, err := onlyTrack.ListRoles(t.Context(), orgID); !errors.Is(err, apiclient.ErrNoFocus) || !onlyTrack.HasTrack() || onlyTrack.HasFocus() {
		t.Errorf("without Focus: %v", err)
	}
	if err := onlyTrack.DeleteGroup(t.Context(), orgID, 1, 2); !errors.Is(err, apiclient.ErrNoFocus) {
		t.Errorf("write without Focus: %v", err)
	}
	if u.count() != 0 {
		t.Errorf("%d requests were sent", u.count())
	}
	onlyTrack.DropOrganization(orgID) // without Focus, too
}

func TestAuthorization(t *testing.T) {
	for name, tc := range map[string]struct {
		credentials    apiclient.Credentials
		user, password string
	}{
		"token":              {apiclient.Credentials{APIToken: "tok"}, "tok", "api_token"},
		"email and password": {apiclient.Credentials{Email: "a@example.com", Password: "p:w"}, "a@example.com", "p:w"},
		"token before email": {apiclient.Credentials{APIToken: "tok", Email: "a@example.com", Password: "p"}, "tok", "api_token"},
	} {
		u := answers(respond(200, `{}`))
		if _, err := newFactory(t, u).Client(tc.credentials).GetMe(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if user, password, ok := u.requests[0].BasicAuth(); !ok || user != tc.user || password != tc.password {
			t.Errorf("%s: sent %q %q", name, user, password)
		}
	}
	u := answers(respond(200, `[]`))
	if _, err := newFactory(t, u).Client(apiclient.Credentials{FocusKey: "key\r\nX-Evil: 1"}).ListRoles(t.Context(), orgID); err != nil {
		t.Fatal(err)
	}
	if got := u.requests[0].Header.Get("Authorization"); got != "Bearer keyX-Evil: 1" {
		t.Errorf("sent %q", got)
	}
}

func TestNewFactoryRefusesBadOptions(t *testing.T) {
	for _, address := range []string{"", "api.example", "ftp://api.example", "https://", "https://someone:hunter2@api.example", "https://api.example/?a=b", "http://a b"} {
		_, err := apiclient.NewFactory(apiclient.Options{TrackURL: address, FocusURL: focusURL})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := apiclient.NewFactory(apiclient.Options{TrackURL: trackURL, FocusURL: focusURL, Burst: -1}); err == nil {
		t.Error("a negative burst is accepted")
	}
}
