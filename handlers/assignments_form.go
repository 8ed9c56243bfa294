package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/store"
	"roster/views"
)

// stageAssignments stages what the whole form of the grid holds: without
// scripts it is sent at once. Boxes that are as they were shown say nothing,
// so that a form that is old undoes nobody's changes.
func (h *Handlers) stageAssignments(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	wishes, invalid := readWishes(form)
	return h.answerWishes(c, api, s, id, wishes, invalid)
}

func noCell(value string) refusedWish { return refusedWish{value, "That is no cell of the grid."} }

// readWishes compares the ticked boxes of a form with what was shown.
func readWishes(form url.Values) (wishes []wish, invalid []refusedWish) {
	ticked := make(map[string]bool, len(form["c"]))
	for _, value := range form["c"] {
		ticked[value] = true
	}
	columns := strings.Fields(form.Get("columns"))
	for row := range strings.FieldsSeq(form.Get("rows")) {
		name, bits, _ := strings.Cut(row, ".")
		before, err := strconv.ParseUint(bits, 36, 64)
		if err != nil {
			invalid = append(invalid, noCell(row))
			continue
		}
		for i, column := range columns[:min(len(columns), columnsOnPage)] {
			value := name + "-" + column
			wanted, was := ticked[value], before&(1<<i) != 0
			delete(ticked, value)
			if wanted == was {
				continue
			}
			at, ok := readCell(value)
			if !ok {
				invalid = append(invalid, noCell(value))
				continue
			}
			wishes = append(wishes, wish{at, operation(wanted)})
		}
	}
	for value := range ticked { // of a row or column that was not shown
		invalid = append(invalid, noCell(value))
	}
	return wishes, invalid
}

func operation(add bool) string {
	if add {
		return store.OpAdd
	}
	return store.OpRemove
}

// mostRefusals is how many refused cells are named to somebody.
const mostRefusals = 5

// flashes tell what came of a form.
func (r staging) flashes(g *grid) []auth.Flash {
	var list []auth.Flash
	if len(r.done) > 0 {
		list = append(list, auth.Flash{Kind: "ok", Text: r.words(g) + "."})
	}
	for _, refused := range r.refused[:min(len(r.refused), mostRefusals)] {
		list = append(list, auth.Flash{Kind: "bad", Text: "Not staged: " + refused.words})
	}
	if more := len(r.refused) - mostRefusals; more > 0 {
		list = append(list, auth.Flash{Kind: "bad", Text: views.Plural(more, "more cell was", "more cells were") + " not staged."})
	}
	if len(list) == 0 {
		list = append(list, auth.Flash{Text: "Nothing was changed: all is as it is staged."})
	}
	return list
}
