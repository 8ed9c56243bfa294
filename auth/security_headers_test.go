package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSecurityHeaders(t *testing.T) {
	want := http.Header{
		// As the security rules have it, word for word.
		"Content-Security-Policy":      {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-report"},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"same-origin"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {permissionsPolicy},
	}
	for url, hsts := range map[string]string{
		"http://127.0.0.1:8080":  "",
		"https://roster.example": "max-age=31536000",
	} {
		w := httptest.NewRecorder()
		handler := SecurityHeaders(mustURL(t, url))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
		}))
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		got := w.Result().Header
		if got.Get("Strict-Transport-Security") != hsts {
			t.Errorf("%s: Strict-Transport-Security is %q, want %q", url, got.Get("Strict-Transport-Security"), hsts)
		}
		got.Del("Strict-Transport-Security")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", url, diff)
		}
	}
}
