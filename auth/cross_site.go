package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// ErrCrossSite means that a request to change something did not come from a page of
// this site, or can't show that it did. Answer 403.
var ErrCrossSite = errors.New("auth: the request did not come from this site")

// CrossSite refuses requests that another site has a browser send (CSRF).
type CrossSite struct {
	protection *http.CrossOriginProtection
	cookieName string
	scheme     string // of the public URL, with "://"
}

// NewCrossSite trusts the origin of the public URL, for behind a proxy the Host header
// need not be it. The cookie name is that of the session, [Sessions.CookieName].
func NewCrossSite(publicURL *url.URL, cookieName string) (*CrossSite, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(origin(publicURL)); err != nil {
		return nil, fmt.Errorf("auth: public URL: %w", err)
	}
	return &CrossSite{protection: protection, cookieName: cookieName, scheme: strings.ToLower(publicURL.Scheme) + "://"}, nil
}

// Check returns an error that is [ErrCrossSite] for a request that must be refused.
// GET, HEAD and OPTIONS pass: nothing may change on them.
//
// Beyond what net/http checks, a request that carries a session cookie and neither
// Sec-Fetch-Site nor Origin is refused: every browser of today sends one of them, and
// what is no browser has no business with its cookie. Where there is only an Origin,
// its scheme counts too: a page of plain http under our name may be anybody's.
func (c *CrossSite) Check(r *http.Request) error {
	if err := c.protection.Check(r); err != nil {
		return fmt.Errorf("%w: %w", ErrCrossSite, err)
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if r.Header.Get("Sec-Fetch-Site") != "" {
		return nil
	}
	from := r.Header.Get("Origin")
	switch {
	case from == "" && len(r.CookiesNamed(c.cookieName)) > 0:
		return fmt.Errorf("%w: a session cookie with neither Sec-Fetch-Site nor Origin", ErrCrossSite)
	case from != "" && !strings.HasPrefix(from, c.scheme):
		return fmt.Errorf("%w: a page of another scheme", ErrCrossSite)
	}
	return nil
}

// Middleware hands refused requests to deny, together with the error of
// [CrossSite.Check], in place of the next handler.
func (c *CrossSite) Middleware(deny func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := c.Check(r); err != nil {
				deny(w, r, err)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// origin is the URL's origin as browsers write it: in lower case, without the port
// that goes without saying.
func origin(u *url.URL) string {
	if u == nil {
		return ""
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return scheme + "://" + host
}
