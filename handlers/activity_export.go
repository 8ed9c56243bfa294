package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/store"
	"roster/views"
)

// exportedAtOnce is how many rows of the log an export reads at a time.
const exportedAtOnce = 1000

// activityCSV is everything that a row holds.
var activityCSV = []csvColumn[store.ActivityEntry]{
	{"id", func(e store.ActivityEntry) string { return csvInt(e.ID) }},
	{"at", func(e store.ActivityEntry) string { return csvMoment(e.At) }},
	{"ended_at", func(e store.ActivityEntry) string { return csvMoment(e.EndedAt) }},
	{"issuer", func(e store.ActivityEntry) string { return csvText(e.Issuer) }},
	{"subject", func(e store.ActivityEntry) string { return csvText(e.Subject) }},
	{"name", func(e store.ActivityEntry) string { return csvText(e.Name) }},
	{"ip", func(e store.ActivityEntry) string { return csvText(e.IP) }},
	{"request_id", func(e store.ActivityEntry) string { return csvText(e.RequestID) }},
	{"organization_id", func(e store.ActivityEntry) string { return csvInt(e.OrganizationID) }},
	{"operation", func(e store.ActivityEntry) string { return csvText(e.Operation) }},
	{"target_kind", func(e store.ActivityEntry) string { return csvText(e.TargetKind) }},
	{"target_id", func(e store.ActivityEntry) string { return csvInt(e.TargetID) }},
	{"target_name", func(e store.ActivityEntry) string { return csvText(e.TargetName) }},
	{"old", func(e store.ActivityEntry) string { return csvText(e.Old) }},
	{"new", func(e store.ActivityEntry) string { return csvText(e.New) }},
	{"result", func(e store.ActivityEntry) string { return csvText(e.Result) }},
	{"upstream_status", func(e store.ActivityEntry) string { return csvInt(int64(e.UpstreamStatus)) }},
	{"upstream_request_id", func(e store.ActivityEntry) string { return csvText(e.UpstreamRequestID) }},
	{"message", func(e store.ActivityEntry) string { return csvText(e.Message) }},
}

// csvMoment is csvTime with milliseconds: rows of a second stand in an order.
func csvMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

func (h *Handlers) exportActivityCSV(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	id, filter, err := h.activityToExport(c, s)
	if err != nil {
		return err
	}
	file := newCSVFile(c, activityFileName(id, h.now(), "csv"), activityCSV)
	err = h.eachActivity(c, filter, file.add)
	if err != nil && file.writer != nil {
		return fmt.Errorf("%w: %w", errCutShort, err)
	}
	if err == nil && file.writer == nil {
		return file.add(nil) // a header alone
	}
	return err
}

// activityLine is a row as JSON, with the values as they are.
type activityLine struct {
	ID                int64           `json:"id"`
	At                string          `json:"at"`
	EndedAt           string          `json:"ended_at,omitzero"`
	Issuer            string          `json:"issuer"`
	Subject           string          `json:"subject"`
	Name              string          `json:"name"`
	IP                string          `json:"ip"`
	RequestID         string          `json:"request_id"`
	OrganizationID    int64           `json:"organization_id"`
	Operation         string          `json:"operation"`
	TargetKind        string          `json:"target_kind"`
	TargetID          int64           `json:"target_id"`
	TargetName        string          `json:"target_name"`
	Old               json.RawMessage `json:"old,omitzero"`
	New               json.RawMessage `json:"new,omitzero"`
	Result            string          `json:"result"`
	UpstreamStatus    int             `json:"upstream_status,omitzero"`
	UpstreamRequestID string          `json:"upstream_request_id,omitzero"`
	Message           string          `json:"message,omitzero"`
}

func (h *Handlers) exportActivityJSONL(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	id, filter, err := h.activityToExport(c, s)
	if err != nil {
		return err
	}
	response, begun := c.Response(), false
	begin := func() {
		response.Header().Set(echo.HeaderContentType, "application/jsonl; charset=utf-8")
		response.Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+activityFileName(id, h.now(), "jsonl")+`"`)
		response.WriteHeader(http.StatusOK)
		begun = true
	}
	lines := json.NewEncoder(response)
	err = h.eachActivity(c, filter, func(entries []store.ActivityEntry) error {
		if !begun {
			begin()
		}
		for i := range entries {
			if err := lines.Encode(lineOf(&entries[i])); err != nil {
				return err
			}
		}
		return giveTime(http.NewResponseController(response))
	})
	switch {
	case err != nil && begun:
		return fmt.Errorf("%w: %w", errCutShort, err)
	case err == nil && !begun:
		begin()
	}
	return err
}

func lineOf(e *store.ActivityEntry) activityLine {
	return activityLine{
		ID: e.ID, At: csvMoment(e.At), EndedAt: csvMoment(e.EndedAt), Issuer: e.Issuer, Subject: e.Subject, Name: e.Name, IP: e.IP,
		RequestID: e.RequestID, OrganizationID: e.OrganizationID, Operation: e.Operation, TargetKind: e.TargetKind, TargetID: e.TargetID,
		TargetName: e.TargetName, Old: rawJSON(e.Old), New: rawJSON(e.New), Result: e.Result, UpstreamStatus: e.UpstreamStatus,
		UpstreamRequestID: e.UpstreamRequestID, Message: e.Message,
	}
}

func rawJSON(text string) json.RawMessage {
	if !json.Valid([]byte(text)) {
		return nil
	}
	return json.RawMessage(text)
}

// activityToExport is what the filters of the address match; a filter that can't
// be read leads to no file.
func (h *Handlers) activityToExport(c echo.Context, s *auth.Session) (int64, store.ActivityFilter, error) {
	id, err := organizationID(c)
	if err != nil {
		return 0, store.ActivityFilter{}, err
	}
	if !isAdmin(s, id) {
		return 0, store.ActivityFilter{}, errNotAdmin
	}
	filter, faults := readActivityQuery(c.QueryParams()).filter(id, h.clock(c).Location)
	if len(faults) > 0 {
		return 0, store.ActivityFilter{}, echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	filter.Before, filter.Limit = 0, exportedAtOnce
	return id, filter, nil
}

// eachActivity gives all matching rows to write, newest first, in parts. Rows
// that are added meanwhile are not among them.
func (h *Handlers) eachActivity(c echo.Context, filter store.ActivityFilter, write func([]store.ActivityEntry) error) error {
	for {
		entries, err := h.store.Activities(c.Request().Context(), filter)
		if err != nil {
			return errors.Join(errStore, err)
		}
		if len(entries) == 0 {
			return nil
		}
		if err := write(entries); err != nil {
			return err
		}
		if len(entries) < exportedAtOnce {
			return nil
		}
		filter.Before = entries[len(entries)-1].ID
	}
}

func activityFileName(organizationID int64, now time.Time, ext string) string {
	return "activity-" + strconv.FormatInt(organizationID, 10) + "-" + now.UTC().Format(time.DateOnly) + "." + ext
}

// isActivityExport reports whether a route sends the log as a file.
func isActivityExport(c echo.Context) bool {
	return c.Path() == views.PathActivityCSV || c.Path() == views.PathActivityJSONL
}
