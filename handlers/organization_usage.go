package handlers

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/views"
)

// usage is the owner and the counters, either of which may fail alone.
type usage struct {
	owner    apiclient.Owner
	ownerErr error
	counters []apiclient.Usage
	usageErr error
}

// showUsage is what the overview leaves out until somebody asks for it: its two
// calls would make six of its four. It is a part of the overview, or without
// scripts a page of its own.
func (h *Handlers) showUsage(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	data := readUsage(c.Request().Context(), api, id)
	if data.ownerErr != nil && data.usageErr != nil {
		return data.ownerErr
	}
	v := h.usageView(c, id, data)
	v.Alone = !wantsFragment(c)
	page := h.newPage(c, api, "Owner and usage")
	return renderEither(c, http.StatusOK, views.UsagePage(page, v, views.OrganizationURL(id)), views.UsageFragment(v))
}

func readUsage(ctx context.Context, api *apiclient.Client, id int64) usage {
	var data usage
	var calls errgroup.Group
	calls.Go(func() error {
		data.owner, data.ownerErr = api.GetOwner(ctx, id)
		return nil
	})
	calls.Go(func() error {
		data.counters, data.usageErr = api.ListUsage(ctx, id)
		return nil
	})
	_ = calls.Wait() // each error stands beside its part
	return data
}

func (h *Handlers) usageView(c echo.Context, id int64, data usage) views.Usage {
	v := views.Usage{URL: views.OrganizationUsageURL(id), Loaded: true}
	if data.ownerErr != nil {
		v.Notes = append(v.Notes, *h.partNote(c, "The owner could not be read.", data.ownerErr))
	} else {
		v.Owner = &views.Person{Name: displayName(data.owner.Name, data.owner.Email), Email: data.owner.Email}
		a := views.AvatarOf(data.owner.Name)
		v.Owner.Initials, v.Owner.Tone = a.Initials, a.Tone
		v.OwnerURL = views.UserURL(id, data.owner.OrganizationUserID, data.owner.Email)
	}
	if data.usageErr != nil {
		v.Notes = append(v.Notes, *h.partNote(c, "The usage could not be read.", data.usageErr))
	}
	clock := h.clock(c)
	for _, counter := range data.counters {
		v.Counters = append(v.Counters, usageFact(counter, clock))
	}
	return v
}

// usageFact is "Users: 189 of 250". The API names its counters itself; a limit
// of 0 is none.
func usageFact(counter apiclient.Usage, clock views.Clock) views.Fact {
	f := views.Fact{Term: capitalized(strings.ReplaceAll(counter.Name, "_", " ")), Value: views.Count(counter.Count)}
	if counter.Limit > 0 {
		f.Value += " of " + views.Count(counter.Limit)
	}
	if !counter.ResetAt.IsZero() {
		f.Hint = "starts again on " + clock.Date(counter.ResetAt).Text
	}
	return f
}

func capitalized(text string) string {
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return strings.ToUpper(string(first)) + text[size:]
}
