package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// confirmGroupLosses asks before a change takes access from members, or may:
// asked says that the answer is written. It asks nobody for it, unless the person
// wants to know who is direct. Where surely nobody loses anything, and once it is
// confirmed, the change goes on.
func (h *Handlers) confirmGroupLosses(c echo.Context, api *apiclient.Client, r groupsRequest, g group, in groupInput) (asked bool, err error) {
	form, err := readForm(c)
	if err != nil || form.Get("confirmed") == isTrue {
		return false, err
	}
	ctx := c.Request().Context()
	e := knownGroupEffects(ctx, api, r, g)
	after := e.after(in)
	if len(e.extent.Members) == 0 {
		return false, nil
	}
	if form.Get(paramDirect) == isTrue {
		e.read(ctx, api, after)
	}
	losses := e.losses(after)
	if !losses.Takes {
		return false, nil
	}
	losses.Offer, losses.Note = e.offer("", after), e.note(h, c)
	v := views.GroupLossConfirmation{
		Action: c.Request().URL.RequestURI(), BackURL: r.groupURL(g.ID), GroupName: groupName(g),
		Takes: e.takesWords(in), Losses: losses, Kept: sentAgain(form),
	}
	page := h.newPage(c, api, "Take access from members of "+groupName(g)+"?")
	return true, render(c, http.StatusOK, views.GroupLossPage(h.withFlash(c, page), v))
}

// takesWords say what the change takes from the group.
func (e *groupEffects) takesWords(in groupInput) string {
	var parts, names []string
	for _, w := range e.group.Workspaces {
		if !slices.Contains(in.Workspaces, w.ID) {
			names = append(names, e.request.workspaces.name(w.ID))
		}
	}
	if len(names) > 0 {
		parts = append(parts, "the group loses "+joinNames(names, 3))
	}
	names = nil
	stays := setOf(in.Members)
	for _, m := range e.group.Members {
		if !stays[m.ID] {
			names = append(names, memberName(m))
		}
	}
	if len(names) > 0 {
		parts = append(parts, joinNames(names, 3)+" "+rest(len(names), "leaves", "leave")+" the group")
	}
	return capitalized(strings.Join(parts, ", and ")) + "."
}

// sentAgain are the fields of a form, for another that sends them once more.
func sentAgain(form url.Values) []views.Parameter {
	var kept []views.Parameter
	for name, values := range form {
		if name == "confirmed" || name == paramDirect || name == "step" {
			continue
		}
		for _, value := range values {
			kept = append(kept, views.Parameter{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(kept, func(a, b views.Parameter) int { return strings.Compare(a.Name, b.Name) })
	return kept
}
