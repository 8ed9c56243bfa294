package auth

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gorilla/sessions"
)

const (
	secureCookieName = "__Host-roster"
	plainCookieName  = "roster"
)

// cookie is the form of the session cookie.
type cookie struct {
	name   string
	secure bool
}

// cookieFor decides on the cookie, once: on https a __Host- cookie, which no other
// host and no plain connection can set; on plain http one without Secure, which
// browsers would not send back otherwise. Plain http is for this machine only,
// unless the operator allowed it in so many words.
func cookieFor(publicURL *url.URL, allowPlainHTTP bool) (cookie, error) {
	switch {
	case publicURL == nil || publicURL.Hostname() == "":
		return cookie{}, errors.New("auth: the public URL has no host")
	case isHTTPS(publicURL):
		return cookie{name: secureCookieName, secure: true}, nil
	case !strings.EqualFold(publicURL.Scheme, "http"):
		return cookie{}, errors.New("auth: the public URL is neither https nor http")
	case !isLoopback(publicURL.Hostname()) && !allowPlainHTTP:
		return cookie{}, errors.New("auth: the public URL is plain http beyond this machine, which sends passwords in the clear: use https")
	}
	return cookie{name: plainCookieName}, nil
}

// options are without a MaxAge: the browser forgets the cookie when it closes, and
// the server holds the deadlines.
func (c cookie) options() *sessions.Options {
	return &sessions.Options{Path: "/", HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode}
}

// id returns the session id that the browser sent. Two cookies of the name mean that
// somebody planted one, and there is no telling which: then there is none.
func (c cookie) id(r *http.Request) (string, bool) {
	found := r.CookiesNamed(c.name)
	if len(found) != 1 || len(found[0].Value) != idLength {
		return "", false
	}
	return found[0].Value, true
}

func (c cookie) set(w http.ResponseWriter, id string) {
	http.SetCookie(w, sessions.NewCookie(c.name, id, c.options()))
}

func (c cookie) expire(w http.ResponseWriter) {
	options := c.options()
	options.MaxAge = -1
	http.SetCookie(w, sessions.NewCookie(c.name, "", options))
}

func isHTTPS(u *url.URL) bool { return u != nil && strings.EqualFold(u.Scheme, "https") }

func isLoopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
