package handlers

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"roster/views"
)

// checkInput reads what is sent before anything is done with it: FormValue would
// take a form that is too large, broken or of another kind for an empty one. What is
// no text never gets into a page, a request to Toggl or the database.
func checkInput(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !isText(c.QueryParams()) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		if c.Request().Method != http.MethodPost {
			return next(c)
		}
		if !isForm(c) {
			return echo.NewHTTPError(http.StatusUnsupportedMediaType)
		}
		form, err := readForm(c)
		if err != nil {
			return err
		}
		if !isText(form) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		return next(c)
	}
}

// isForm reports whether the body is what a form of this site sends, or nothing.
func isForm(c echo.Context) bool {
	r := c.Request()
	if r.ContentLength == 0 || c.Path() == views.PathCSPReport { // browsers report in JSON
		return true
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil {
		return false
	}
	return kind == echo.MIMEApplicationForm || kind == echo.MIMEMultipartForm && c.Path() == views.PathImport
}

// isText reports whether all of it is UTF-8, and nothing holds a zero byte, which no
// page can show and no database keeps.
func isText(values url.Values) bool {
	for name, list := range values {
		for _, text := range append(list, name) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return false
			}
		}
	}
	return true
}
