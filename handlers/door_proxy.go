package handlers

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/views"
)

// proxyDoor lets people in whom the proxy in front has signed in. There is nothing
// to type: whoever it vouches for is in.
type proxyDoor struct{ *Handlers }

func (h proxyDoor) keep(c echo.Context, form url.Values) error { return h.keepForAuthor(c, form) }

func (h proxyDoor) show(c echo.Context) error {
	s := sessionOf(c)
	if s == nil {
		err, _ := c.Get(entryKey).(error)
		return cmp.Or(err, auth.ErrNoIdentity)
	}
	return h.afterEntry(c, s, auth.SafeReturn(c.QueryParam("return_to")))
}

func (proxyDoor) begin(echo.Context) error { return echo.NewHTTPError(http.StatusMethodNotAllowed) }

func (h proxyDoor) farewell(c echo.Context, address string) error {
	if address != "" {
		return h.leadOn(c, views.Forward{
			Title: "Signed out of Roster", Text: "You are led on to sign out of the proxy in front of it too.", Next: views.Link{Label: "Continue", URL: address},
		})
	}
	page := h.newPage(c, nil, "Signed out of Roster")
	page.Person = views.Person{}
	return render(c, http.StatusOK, views.ForwardPage(page, views.Forward{
		Title: "Signed out of Roster",
		Text:  "What you had connected is forgotten. The proxy in front of Roster still knows you: opening Roster signs you in again.",
		Next:  views.Link{Label: "Open Roster", URL: views.PathHome},
	}))
}
