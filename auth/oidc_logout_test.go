package auth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func logoutRequest(t testing.TB, token string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, OIDCBackChannelLogoutPath,
		strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
