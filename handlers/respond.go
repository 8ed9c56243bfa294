package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// The headers with which htmx asks and is answered. No other file knows them.
const (
	headerRequest     = "HX-Request"
	headerRequestType = "HX-Request-Type"
	headerRestore     = "HX-History-Restore-Request"
	headerCurrentURL  = "HX-Current-URL"
	headerLocation    = "HX-Location"
	headerRedirect    = "HX-Redirect"
	headerRetarget    = "HX-Retarget"
	headerReswap      = "HX-Reswap"
	headerPushURL     = "HX-Push-Url"
	headerReplaceURL  = "HX-Replace-Url"
	headerTrigger     = "HX-Trigger"
)

// isHTMX reports whether htmx sent the request, for a part or a whole page.
func isHTMX(c echo.Context) bool {
	return c.Request().Header.Get(headerRequest) == "true"
}

// wantsFragment reports whether htmx will put the answer into a part of the
// page. Restoring history, and swapping the whole body, want the page.
func wantsFragment(c echo.Context) bool {
	header := c.Request().Header
	return isHTMX(c) && header.Get(headerRequestType) == "partial" && header.Get(headerRestore) == ""
}

// render writes a component. It renders into a buffer first, so that a failure
// can still become a problem page.
func render(c echo.Context, status int, component templ.Component) error {
	buffer := templ.GetBuffer()
	defer templ.ReleaseBuffer(buffer)
	if err := component.Render(c.Request().Context(), buffer); err != nil {
		return err
	}
	return c.HTMLBlob(status, buffer.Bytes())
}

// renderEither writes the fragment to htmx and the page to everyone else.
func renderEither(c echo.Context, status int, page, fragment templ.Component) error {
	if wantsFragment(c) {
		return render(c, status, fragment)
	}
	return render(c, status, page)
}

// redirect leads to another page after a change.
func redirect(c echo.Context, address string) error {
	if isHTMX(c) {
		c.Response().Header().Set(headerLocation, address)
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, address)
}

// showAddress puts the tidy address of a fragment into the browser's bar: in
// place of the present one while somebody types, else as a new entry.
func showAddress(c echo.Context, address string, inPlace bool) {
	if !wantsFragment(c) {
		return
	}
	name := headerPushURL
	if inPlace {
		name = headerReplaceURL
	}
	c.Response().Header().Set(name, address)
}

// intoFlash sends a fragment to the region at the top of the page instead of
// into the place that asked, so that a failure never lands inside a form it
// didn't come from.
func intoFlash(c echo.Context) {
	header := c.Response().Header()
	header.Set(headerRetarget, "#flash")
	header.Set(headerReswap, "innerHTML show:top showTarget:body")
	header.Set(headerPushURL, "false")
}

// setEvent makes the page raise an event once it has taken the answer. Headers
// hold ASCII alone, and so must the detail.
func setEvent(c echo.Context, name string, detail any) error {
	encoded, err := json.Marshal(map[string]any{name: detail})
	if err != nil {
		return err
	}
	c.Response().Header().Set(headerTrigger, string(encoded))
	return nil
}
