package handlers

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// readyTimeout is how long a probe waits for what is needed.
const readyTimeout = 2 * time.Second

// showHealth says that the process answers.
func (h *Handlers) showHealth(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// A Need is something without which requests can't be served.
type Need struct {
	Name  string
	Check func(context.Context) error
}

// showReady says whether requests can be served, or what is missing for that, a
// line each. Toggl is not asked: when it is away, Roster still shows what it knows.
func (h *Handlers) showReady(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	var missing strings.Builder
	for _, need := range h.needs {
		if err := need.Check(ctx); err != nil {
			h.log.Warn("not ready", "id", requestIDOf(c), "need", need.Name, "error", err)
			missing.WriteString(need.Name + "\n")
		}
	}
	if missing.Len() > 0 {
		return c.String(http.StatusServiceUnavailable, missing.String())
	}
	return c.String(http.StatusOK, "ok\n")
}

// retryAfter is a Retry-After header: whole seconds, rounded up.
func retryAfter(wait time.Duration) string {
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}
