package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// statusGoneAway is what is logged where the browser didn't wait for the
// answer, as it does when somebody types on. Nobody reads that answer.
const statusGoneAway = 499

// errStore: sessions can't be read, so nobody can be told from anybody else.
var errStore = errors.New("store")

// problem is an error as a person is told about it.
type problem struct {
	Status      int
	Icon        string
	Title, Text string
	// Words are Toggl's own.
	Words string
	// Detail is Toggl's trace id, for its support; Trace is the same of Focus.
	Detail string
	Trace  views.Trace
	Links  []views.Link
	Retry  bool
	// Alone is set where none of the frame's links would lead anywhere.
	Alone bool
	// Ours is set for bugs: they are logged as errors.
	Ours bool
}

// handleError is where every error of a handler becomes a status and words for
// a person, and is logged, once.
func (h *Handlers) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	gone := errors.Is(c.Request().Context().Err(), context.Canceled)
	// The request's own time may be over; telling so must still be possible.
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
	if errors.Is(err, auth.ErrSessionGone) { // ended elsewhere while this was under way
		c.Set(sessionKey, nil)
		_ = askToSignIn(c) // only headers
		return
	}
	p := h.problemOf(c, err)
	if p.Ours {
		h.log.Error("request failed", "id", requestIDOf(c), "route", c.Path(), "error", err)
	} else if p.Status >= http.StatusInternalServerError {
		h.log.Warn("request failed", "id", requestIDOf(c), "route", c.Path(), "error", err)
	}
	if rendered := h.renderProblem(c, p); rendered != nil && !gone {
		h.log.Error("problem page failed", "id", requestIDOf(c), "error", rendered)
		_ = c.String(http.StatusInternalServerError, "Roster failed. Request "+requestIDOf(c)) // nothing is left to answer with
	}
}

func (h *Handlers) renderProblem(c echo.Context, p problem) error {
	setNoStore(c) // a failure may come before the middleware that does
	detail := "Request " + requestIDOf(c)
	if p.Detail != "" {
		detail += ", Toggl trace " + p.Detail
	}
	if wantsFragment(c) {
		intoFlash(c)
		n := views.Note{Kind: "bad", Strong: p.Title + ".", Text: p.Text, Words: p.Words, Details: detail, Trace: p.Trace}
		if len(p.Links) > 0 {
			n.Link = p.Links[0]
		}
		return render(c, p.Status, views.ProblemNote(n))
	}
	v := views.Problem{Title: p.Title, Text: p.Text, Words: p.Words, Icon: p.Icon, Links: p.Links, Detail: detail, Trace: p.Trace}
	if p.Retry && c.Request().Method == http.MethodGet {
		v.Retry = c.Request().URL.RequestURI()
	}
	page := h.withFlash(c, h.newPage(c, nil, p.Title)) // what was done before it is true all the same
	if p.Alone {
		page.Person, v.SignOut = views.Person{}, true
	}
	page.Failed = true
	return render(c, p.Status, views.ProblemPage(page, v))
}

// problemOf chooses the status and the words.
func (h *Handlers) problemOf(c echo.Context, err error) problem {
	if errors.Is(err, errSharedRefused) {
		return sharedRefused()
	}
	var upstream *apiclient.Error
	if errors.As(err, &upstream) {
		return h.upstreamProblem(c, upstream)
	}
	if p, ok := entryProblem(err); ok {
		return p
	}
	var httpError *echo.HTTPError
	switch {
	case errors.Is(err, auth.ErrCrossSite):
		return problem{
			Status: http.StatusForbidden, Icon: "ban", Title: "This request came from another site",
			Text: "Nothing was changed. Open the page in Roster and try there.", Links: homeLinks(c),
		}
	case errors.Is(err, errStore):
		return problem{
			Status: http.StatusServiceUnavailable, Icon: "unplug", Title: "Roster can't reach its database",
			Text: "Nothing was changed. It usually passes within a minute.", Retry: true, Ours: true,
		}
	case errors.Is(err, errNotAdmin):
		return problem{
			Status: http.StatusForbidden, Icon: "lock", Title: "Only admins of the organization see this",
			Text: "As of your last sign-in you are none. If you have become one since, sign out and in again.", Links: homeLinks(c),
		}
	case errors.Is(err, errNoRole):
		return noRoleProblem(sessionOf(c))
	case errors.Is(err, errViewer):
		return problem{
			Status: http.StatusForbidden, Icon: "lock", Title: "Your role in Roster is viewer",
			Text: "You see everything and change nothing. Nothing was changed. The people who run Roster for your company can make you an editor.", Links: homeLinks(c),
		}
	case errors.Is(err, context.DeadlineExceeded):
		return unreachable()
	case errors.Is(err, context.Canceled):
		return problem{Status: statusGoneAway, Title: "The request was given up"}
	case errors.As(err, &httpError):
		return httpProblem(c, httpError)
	}
	return problem{
		Status: http.StatusInternalServerError, Icon: "circle-alert", Title: "Roster failed",
		Text: "This is a fault of ours, not of what you did. The log of the server has the rest.", Links: homeLinks(c), Ours: true,
	}
}

func httpProblem(c echo.Context, e *echo.HTTPError) problem {
	switch e.Code {
	case http.StatusNotFound:
		return problem{
			Status: e.Code, Icon: "search", Title: "There is no such page",
			Text: "The address may have a typing mistake, or what it led to is gone.", Links: homeLinks(c),
		}
	case http.StatusMethodNotAllowed:
		return problem{
			Status: e.Code, Icon: "ban", Title: "This address can't be used that way",
			Text: "Nothing was changed.", Links: homeLinks(c),
		}
	case http.StatusRequestEntityTooLarge:
		return problem{
			Status: e.Code, Icon: "ban", Title: "That was too much at once",
			Text: "A form may hold 1 MB. Nothing was changed.", Links: homeLinks(c),
		}
	case http.StatusServiceUnavailable:
		return unreachable()
	}
	return problem{Status: e.Code, Icon: "circle-alert", Title: http.StatusText(e.Code), Text: "Nothing was changed.", Links: homeLinks(c)}
}

// upstreamProblem tells what Toggl said, or that it said nothing.
func (h *Handlers) upstreamProblem(c echo.Context, e *apiclient.Error) problem {
	p := problem{Icon: "circle-alert", Words: e.Message, Links: homeLinks(c)}
	switch e.Kind {
	case apiclient.ErrQuota:
		p.Status, p.Icon, p.Title = http.StatusPaymentRequired, "clock", "Toggl's hourly limit is used up"
		p.Text, p.Retry = "Nothing was changed and nothing is lost. "+h.comesBack(c, e.RetryAfter), true
	case apiclient.ErrPlan:
		p.Status, p.Title = http.StatusPaymentRequired, "The organization's plan doesn't include this"
		p.Text = "Nothing was changed."
	case apiclient.ErrRateLimited:
		p.Status, p.Icon, p.Title = http.StatusTooManyRequests, "clock", "Toggl is limiting requests"
		p.Text, p.Retry = "Nothing was changed and nothing is lost. "+h.comesBack(c, e.RetryAfter), true
	case apiclient.ErrUnauthorized:
		p = h.refusedCredential(c, e, p)
	case apiclient.ErrForbidden:
		p.Status, p.Icon, p.Title = http.StatusForbidden, "lock", "You are not allowed to see this"
		p.Text = "Toggl refused it for your role there. An owner or admin of the organization can change that."
	case apiclient.ErrNotFound:
		p.Status, p.Icon, p.Title = http.StatusNotFound, "search", "Toggl has no such thing"
		p.Text = "It may have been removed, or belong to an organization that you are not in."
	case apiclient.ErrNoFocus:
		p.Status, p.Icon, p.Title = http.StatusForbidden, "plug", "Toggl Focus is not connected"
		p.Text = "This needs a Focus API key."
		if !h.isShared() {
			p.Links = []views.Link{{Label: "Connect Toggl Focus", URL: connectFocusURL(c)}}
		}
	case apiclient.ErrNoTrack:
		p.Status, p.Icon, p.Title = http.StatusForbidden, "plug", "Toggl Track is not connected"
		p.Text, p.Links = "This needs a Track API token.", []views.Link{{Label: "Connect Toggl Track", URL: views.PathSettings}}
	case apiclient.ErrRefused:
		p.Status, p.Title, p.Text = http.StatusUnprocessableEntity, "Toggl refused this", "Nothing was changed."
	case apiclient.ErrNotRecorded:
		p = problem{
			Status: http.StatusServiceUnavailable, Icon: "unplug", Title: "Roster could not write this change down",
			Text: "So it was not sent to Toggl. Nothing was changed. It usually passes within a minute.", Links: homeLinks(c), Ours: true,
		}
	case apiclient.ErrBadAnswer:
		p = unreachable()
		p.Text, p.Words = "Its answer could not be understood. Nothing was changed.", ""
	default:
		p = unreachable()
	}
	if p.Trace = traceOf(e); p.Trace == (views.Trace{}) {
		p.Detail = e.TraceID
	}
	return p
}

func (h *Handlers) refusedCredential(c echo.Context, e *apiclient.Error, p problem) problem {
	p.Status, p.Icon = http.StatusForbidden, "key-round"
	if h.isShared() {
		return sharedRefused()
	}
	if e.API == apiFocus {
		p.Title, p.Text = "Toggl Focus refused the API key", "It may have been replaced by a newer one."
		p.Links = []views.Link{{Label: "Connect again", URL: connectFocusURL(c)}}
		return p
	}
	p.Title, p.Text = "Toggl refused your credentials", "The API token may have been reset, or the password changed."
	p.Links = []views.Link{{Label: "Sign in again", URL: views.SignInURL(c.Request().URL.RequestURI())}}
	if h.connects() {
		p.Links = []views.Link{{Label: "Connect again", URL: views.ConnectURL(c.Request().URL.RequestURI())}}
	}
	return p
}

func sharedRefused() problem {
	return problem{
		Status: http.StatusForbidden, Icon: "key-round", Title: "Toggl refused Roster's connection",
		Text: "Everybody here uses the same one. Tell the people who run Roster.",
	}
}

func unreachable() problem {
	return problem{
		Status: http.StatusBadGateway, Icon: "unplug", Title: "Toggl couldn't answer",
		Text: "Nothing was changed. It usually passes within a few minutes.", Retry: true,
	}
}

// comesBack says when Toggl takes requests again, as a clock time.
func (h *Handlers) comesBack(c echo.Context, after time.Duration) string {
	if after <= 0 {
		return "It comes back within the hour."
	}
	return fmt.Sprintf("It comes back at %s.", h.clock(c).Hour(h.now().Add(after)))
}

func homeLinks(c echo.Context) []views.Link {
	if s := sessionOf(c); s == nil {
		return []views.Link{{Label: "Sign in", URL: views.PathSignIn}}
	}
	if id, err := organizationID(c); err == nil {
		return []views.Link{{Label: "Overview", URL: views.OrganizationURL(id)}}
	}
	return []views.Link{{Label: "Organizations", URL: views.PathOrganizations}}
}

// staleNote says that a page shows older data, because Toggl could not be asked.
func (h *Handlers) staleNote(c echo.Context, api *apiclient.Client) []views.Note {
	cause := api.Stale()
	if cause == nil {
		return nil
	}
	clock := h.clock(c)
	n := views.Note{Kind: "warn", Strong: "Toggl couldn't answer.", Words: cause.Message}
	n.Text = "This was read at " + clock.Hour(api.ReadAt()) + "."
	if errors.Is(cause, apiclient.ErrQuota) || errors.Is(cause, apiclient.ErrRateLimited) {
		n.Strong = "Toggl is limiting requests."
		n.Text += " " + h.comesBack(c, cause.RetryAfter)
	}
	if n.Trace = traceOf(cause); n.Trace == (views.Trace{}) {
		n.Details = cause.TraceID
	}
	return []views.Note{n}
}
