package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/store"
)

// What became of each part of a change is kept for a while, so that the page about it
// can be read again, at any replica.
const (
	kindInvitation    = "invitation"
	kindGroupAddition = "group addition"

	keepOutcome = 24 * time.Hour
	// keptOutcomes is how many a person has of a kind and an organization.
	keptOutcomes = 20
	// outcomeTimeout bounds the writing: the change was made, and the person waits.
	outcomeTimeout = 5 * time.Second
)

// keepOutcome returns the id under which its person finds it again. The change has been
// made: where the outcome can't be kept, which is logged, the id is empty, and the
// answer has to show it.
func (h *Handlers) keepOutcome(c echo.Context, s *auth.Session, kind string, organizationID int64, what any) (id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), outcomeTimeout)
	defer cancel()
	id = rand.Text()
	data, err := store.PackRecord(what)
	if err == nil {
		err = h.store.CreateRecord(ctx, store.Record{
			RecordKey: store.RecordKey{Kind: kind, ID: id, Subject: s.Subject, OrganizationID: organizationID},
			Data:      data, ExpiresAt: h.now().Add(keepOutcome),
		}, 0, keptOutcomes)
	}
	if err != nil {
		h.log.Warn("what became of a change could not be kept", "request", requestIDOf(c), "kind", kind, "error", err)
		return ""
	}
	return id
}

// findOutcome reads what keepOutcome kept into what, and is not found where the person
// has none such.
func (h *Handlers) findOutcome(c echo.Context, s *auth.Session, kind, id string, organizationID int64, what any) error {
	key := store.RecordKey{Kind: kind, ID: id, Subject: s.Subject, OrganizationID: organizationID}
	record, err := h.store.Record(c.Request().Context(), key, h.now())
	if errors.Is(err, store.ErrNotFound) {
		return echo.ErrNotFound
	}
	if err != nil {
		return errors.Join(errStore, err)
	}
	return store.UnpackRecord(record.Data, what)
}
