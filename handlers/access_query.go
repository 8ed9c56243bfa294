package handlers

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/changes"
)

// accessQuery is which part of the access is shown.
type accessQuery struct {
	workspaceID    int64 // 0: all
	exceptionsOnly bool
	from           int // row of the workspace that is shown, or workspace of many
}

func readAccessQuery(c echo.Context) accessQuery {
	q := accessQuery{exceptionsOnly: c.QueryParam("only") == "exceptions"}
	if id, err := strconv.ParseInt(c.QueryParam("workspace"), 10, 64); err == nil && id > 0 {
		q.workspaceID = id
	}
	if from, err := strconv.Atoi(c.QueryParam("from")); err == nil && from > 0 {
		q.from = from
	}
	return q
}

func (q accessQuery) filtered() bool { return q.workspaceID != 0 || q.exceptionsOnly }

func (q accessQuery) values() url.Values {
	values := url.Values{}
	if q.workspaceID != 0 {
		values.Set("workspace", strconv.FormatInt(q.workspaceID, 10))
	}
	if q.exceptionsOnly {
		values.Set("only", "exceptions")
	}
	if q.from > 0 {
		values.Set("from", strconv.Itoa(q.from))
	}
	return values
}

func (q accessQuery) on(workspaceID int64, from int) url.Values {
	q.workspaceID, q.from = workspaceID, max(from, 0)
	return q.values()
}

// match is what the filters leave of a review.
func (q accessQuery) match(list []changes.WorkspaceReview) []changes.WorkspaceReview {
	matching := make([]changes.WorkspaceReview, 0, len(list))
	for _, w := range list {
		if q.workspaceID != 0 && w.WorkspaceID != q.workspaceID {
			continue
		}
		w.Rows = q.matchRows(w.Rows)
		if len(w.Rows) > 0 || !q.exceptionsOnly {
			matching = append(matching, w)
		}
	}
	return matching
}

func (q accessQuery) matchRows(rows []changes.ReviewRow) []changes.ReviewRow {
	if !q.exceptionsOnly {
		return rows
	}
	var exceptions []changes.ReviewRow
	for i := range rows {
		if rows[i].Marks != 0 {
			exceptions = append(exceptions, rows[i])
		}
	}
	return exceptions
}
