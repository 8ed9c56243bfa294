package handlers

import (
	"errors"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
)

// compress compresses pages. Echo's own middleware uses compress/gzip, which
// takes three times as long: as much as everything else about a page together.
// An error becomes its page inside, so that it is compressed too; only that of
// an answer which has to be cut short goes on to where that is done.
func (h *Handlers) compress() (echo.MiddlewareFunc, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		return nil, err
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			response := c.Response()
			plain := response.Writer
			defer func() { response.Writer = plain }()
			wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				response.Writer = w
				if err = next(c); err != nil && !errors.Is(err, errCutShort) {
					c.Error(err)
					err = nil
				}
			})).ServeHTTP(plain, c.Request())
			return err
		}
	}, nil
}
