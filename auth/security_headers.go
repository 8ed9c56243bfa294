package auth

import (
	"net/http"
	"net/url"
)

// ContentSecurityPolicy is the policy of every answer. There are no exceptions.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'; report-uri /csp-report"

const (
	permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
		"magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
	// A year, for this host alone: what its subdomains do is not ours to say.
	strictTransportSecurity = "max-age=31536000"
)

// SecurityHeaders returns middleware that sets the headers which restrict what a
// browser does with an answer. Strict-Transport-Security is among them when the public
// URL is https.
func SecurityHeaders(publicURL *url.URL) func(http.Handler) http.Handler {
	headers := map[string]string{
		"Content-Security-Policy":      ContentSecurityPolicy,
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           permissionsPolicy,
	}
	if isHTTPS(publicURL) {
		headers["Strict-Transport-Security"] = strictTransportSecurity
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range headers {
				w.Header().Set(name, value)
			}
			next.ServeHTTP(w, r)
		})
	}
}
