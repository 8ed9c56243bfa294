package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
)

// readForm is what a form sent in its body. What stands in the address is not
// among it: there "email" is a hint about whom the page is about.
func readForm(c echo.Context) (url.Values, error) {
	if err := c.Request().ParseForm(); err != nil {
		var limited *echo.HTTPError // the body limit's word
		if errors.As(err, &limited) {
			return nil, limited
		}
		return nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return c.Request().PostForm, nil //nolint:forbidigo // the field of a request, not the function of that name
}

// organizationForm is the organization in the address, and the form for it.
func organizationForm(c echo.Context) (int64, url.Values, error) {
	id, err := organizationID(c)
	if err != nil {
		return 0, nil, err
	}
	form, err := readForm(c)
	return id, form, err
}
