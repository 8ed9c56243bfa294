package handlers

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"roster/auth"
)

// How pages look is kept in cookies of this browser, not in the session: the
// sign-in page has a theme too. Only known values are ever read from them.
const (
	themeCookie     = "roster_theme"
	densityCookie   = "roster_density"
	shortcutsCookie = "roster_shortcuts"
	columnsCookie   = "roster_columns"
	cookieLife      = 365 * 24 * time.Hour
)

// appearance is how pages look for this browser.
type appearance struct {
	Theme     string // light, dark, or empty for the system's
	Compact   bool
	QuietKeys bool
}

func readAppearance(r *http.Request) appearance {
	a := appearance{Compact: readCookie(r, densityCookie) == "compact", QuietKeys: readCookie(r, shortcutsCookie) == "off"}
	if theme := readCookie(r, themeCookie); theme == "light" || theme == "dark" {
		a.Theme = theme
	}
	return a
}

func readCookie(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// setCookie remembers a value, or forgets it when it is empty.
func (h *Handlers) setCookie(c echo.Context, name, value string) {
	h.setCookieUnder(c, "/", name, value)
}

// setCookieUnder remembers a value for the pages below a path.
func (h *Handlers) setCookieUnder(c echo.Context, path, name, value string) {
	cookie := &http.Cookie{ //nolint:gosec // Secure wherever the site is: on loopback it is plain http
		Name: name, Value: value, Path: path, MaxAge: int(cookieLife.Seconds()),
		Secure: h.publicURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// choices are the values, besides the usual one, that each cookie may have, by
// the name of its form field.
var choices = map[string]struct {
	cookie string
	values []string
}{
	"theme":     {themeCookie, []string{"light", "dark"}},
	"density":   {densityCookie, []string{"compact"}},
	"shortcuts": {shortcutsCookie, []string{"off"}},
}

// changeAppearance remembers theme, row height and shortcuts. Whoever signs in
// on this browser next sees the same.
func (h *Handlers) changeAppearance(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	for field, choice := range choices {
		if !form.Has(field) {
			continue
		}
		value := form.Get(field)
		if !slices.Contains(choice.values, value) {
			value = ""
		}
		h.setCookie(c, choice.cookie, value)
	}
	return redirect(c, auth.SafeReturn(form.Get("return_to")))
}
