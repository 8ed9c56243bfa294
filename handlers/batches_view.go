package handlers

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// batchRows is how many rows the progress page shows at a time.
const batchRows = 100

// batchFilters are the parts of a batch's results, by their names in the address.
var batchFilters = []struct {
	name, label, empty string
	states             []changes.State
}{
	{"", "All", "", nil},
	{"failed", "Failed", "None has failed.", []changes.State{changes.Failed}},
	{"waiting", "Not sent", "All have been sent.", []changes.State{changes.Waiting, changes.Sending}},
	{"unknown", "Not known", "", []changes.State{changes.Unknown}},
	{"done", "Done", "None is done yet.", []changes.State{changes.Done}},
}

// batchQuery is which part of the results is shown.
type batchQuery struct {
	show string
	from int
}

func readBatchQuery(c echo.Context) batchQuery {
	q := batchQuery{show: c.QueryParam("show")}
	if from, err := strconv.Atoi(c.QueryParam("from")); err == nil && from > 0 {
		q.from = from
	}
	return q
}

func (q batchQuery) values() url.Values {
	values := url.Values{}
	if q.show != "" {
		values.Set("show", q.show)
	}
	if q.from > 0 {
		values.Set("from", strconv.Itoa(q.from))
	}
	return values
}

func (h *Handlers) batchView(c echo.Context, b *changes.Report, q batchQuery) views.Batch {
	p, id := b.Progress, b.OrganizationID
	v := views.Batch{
		Title: changeWords[b.Change.Kind].title(p.Total), BackURL: views.UsersURL(id, nil),
		State: batchState(p), Done: strconv.Itoa(p.Total - p.Left()), Total: strconv.Itoa(p.Total),
		Running: p.Running(), Note: h.haltNote(c, p),
	}
	poll := q.values()
	poll.Set(autoParameter, "1")
	v.PollURL = views.BatchURL(id, b.ID, poll)
	if p.Running() {
		if !p.StopAsked {
			v.StopURL = views.BatchStopURL(id, b.ID)
		}
	} else {
		v.Announce = v.State
		v.RetryURL, v.RetryLabel = retry(b, p)
	}
	h.addBatchRows(c, &v, b, q)
	return v
}

// batchState says how far it is: "5 of 12 done, 1 failed".
func batchState(p changes.Progress) string {
	text := views.Count(p.Done) + " of " + views.Count(p.Total) + " done"
	if p.Failed > 0 {
		text += ", " + views.Count(p.Failed) + " failed"
	}
	if p.Unknown > 0 {
		text += ", " + views.Count(p.Unknown) + " not known"
	}
	switch {
	case !p.Running() && p.Left() > 0:
		text += ", " + views.Count(p.Left()) + " not sent"
	case p.StopAsked && p.Running():
		text += ", stopping"
	}
	return text
}

func retry(b *changes.Report, p changes.Progress) (address, label string) {
	switch {
	case p.Failed+p.Unknown+p.Left() == 0:
		return "", ""
	case p.Unknown > 0:
		label = "Send the " + rest(p.Failed+p.Unknown+p.Left(), "one that isn't known to be done", "that aren't known to be done")
	case p.Failed == 0:
		label = "Send the " + rest(p.Left(), "one that was not sent", "that were not sent")
	case p.Left() == 0:
		label = "Try the " + rest(p.Failed, "failed one again", "failed ones again")
	default:
		label = "Send the " + rest(p.Failed+p.Left(), "one", "that failed or were not sent")
	}
	return views.BatchRetryURL(b.OrganizationID, b.ID), label
}

func rest(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return views.Count(n) + " " + many
}

func (h *Handlers) addBatchRows(c echo.Context, v *views.Batch, b *changes.Report, q batchQuery) {
	id := b.OrganizationID
	for _, filter := range batchFilters {
		_, count := b.Rows(0, 0, filter.states...)
		if filter.name == "unknown" && count == 0 {
			continue // nearly always
		}
		v.Tabs = append(v.Tabs, views.Tab{
			Label: filter.label, Count: views.Count(count), Current: filter.name == q.show,
			URL: views.BatchURL(id, b.ID, batchQuery{show: filter.name}.values()),
		})
		if filter.name != q.show {
			continue
		}
		rows, total := b.Rows(q.from, batchRows, filter.states...)
		v.Empty = filter.empty
		for _, row := range rows {
			v.Rows = append(v.Rows, h.batchRow(c, id, row))
		}
		link := func(from int) string {
			return views.BatchURL(id, b.ID, batchQuery{q.show, max(from, 0)}.values())
		}
		v.Range = views.Count(q.from+1) + "–" + views.Count(q.from+len(rows)) + " of " + views.Count(total)
		if q.from > 0 {
			v.Prev = link(q.from - batchRows)
		}
		if q.from+batchRows < total {
			v.Next = link(q.from + batchRows)
		}
	}
}

func (h *Handlers) batchRow(c echo.Context, organizationID int64, row changes.Row) views.BatchRow {
	v := views.BatchRow{
		ID: strconv.FormatInt(row.ID, 10), URL: views.UserURL(organizationID, row.ID, row.Email),
		Name: displayName(row.Name, row.Email), Email: row.Email, Avatar: views.AvatarOf(row.Name),
		Time: h.clock(c).Ago(row.At),
	}
	switch row.State {
	case changes.Done:
		v.State = views.Tag{Text: "Done", Icon: "check", Class: "ok"}
	case changes.Failed:
		v.State = views.Tag{Text: "Failed", Icon: "circle-alert", Class: "bad"}
		v.Error = h.stepError(c, row.Err)
	case changes.Unknown:
		v.State = views.Tag{Text: "Not known whether done", Class: "warn"}
	case changes.Sending:
		v.State = views.Tag{Text: "Being sent", Class: "accent"}
	default:
		v.State = views.Tag{Text: "Not sent", Plain: true}
	}
	return v
}

// stepError is why one change failed, in Toggl's words where it had any.
func (h *Handlers) stepError(c echo.Context, err error) views.FieldError {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return views.FieldError{Text: "Cut off when Roster ended. It may or may not have been carried out."}
	}
	return views.FieldError{Text: failureWords(upstream, h.changeProblem(c, upstream)), API: upstream.Message != "", Trace: traceOf(upstream)}
}
