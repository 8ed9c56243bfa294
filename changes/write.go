package changes

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"roster/apiclient"
	"roster/store"
)

// halt ends a run before its last step.
type halt struct {
	note     string
	resumeAt time.Time
	cause    error
}

func (h *halt) Error() string { return "changes: " + h.note }
func (h *halt) Unwrap() error { return h.cause }

// reception is how a write was received. What can't be gone on with is an error
// instead.
type reception int

const (
	answered     reception = iota
	listRefused            // none of several was carried out: the steps are staged again
	unanswered             // nobody knows: the steps are unknown
	notAvailable           // there is no such call: the steps are staged again
)

// exceptions are the steps, by id, that an answer leaves in another state than
// done.
type exceptions map[int64]store.StepResult

type writer func(ctx context.Context, api *apiclient.Client) (exceptions, error)

// write sends one request that carries out the steps: journal, request,
// journal. It is sent again only where upstream says that it was too fast.
func (r *applying) write(ctx context.Context, request Request, steps []*store.Step, do writer) (reception, error) {
	for slowDowns := 0; ; slowDowns++ {
		if ctx.Err() != nil {
			return 0, &halt{note: NoteStopped, cause: context.Cause(ctx)}
		}
		if err := r.begin(ctx, steps); err != nil {
			return 0, err
		}
		except, err := r.send(ctx, request, do)
		if !errors.Is(err, apiclient.ErrRateLimited) || slowDowns == maxSlowDowns {
			return r.receive(ctx, steps, except, err)
		}
		if err := r.endAll(ctx, steps, store.StepStaged, ""); err != nil {
			return 0, err
		}
		if err := r.slowDown(ctx, err); err != nil {
			return 0, err
		}
	}
}

// send waits for the answer even where ctx ends: an answer is worth more than
// a second.
func (r *applying) send(ctx context.Context, request Request, do writer) (exceptions, error) {
	ctx = context.WithoutCancel(ctx)
	if r.job.Record == nil {
		return do(ctx, r.job.Client())
	}
	end, err := r.job.Record(ctx, request)
	if err != nil {
		return nil, &halt{note: NoteUnrecorded, cause: err}
	}
	except, err := do(ctx, r.job.Client())
	end(ctx, err)
	return except, err
}

// receive writes down what an answer says.
func (r *applying) receive(ctx context.Context, steps []*store.Step, except exceptions, err error) (reception, error) {
	var partial *apiclient.PartialError
	if errors.As(err, &partial) && partial.Done < len(steps) {
		return r.receivePart(ctx, steps, partial)
	}
	var stop *halt
	switch {
	case err == nil:
		return answered, r.endAnswered(ctx, steps, except)
	case errors.As(err, &stop): // nothing was sent
	case errors.Is(err, apiclient.ErrNotAvailable):
		return notAvailable, r.endAll(ctx, steps, store.StepStaged, "")
	case errors.Is(err, apiclient.ErrRefused) && len(steps) > 1:
		return listRefused, r.endAll(ctx, steps, store.StepStaged, "")
	case refusedForGood(err):
		return answered, r.endRefused(ctx, steps, err)
	default:
		if stop = r.haltFor(err); stop == nil {
			r.unanswered++
			return unanswered, r.endAll(ctx, steps, store.StepUnknown, words(err))
		}
	}
	if err := r.endAll(ctx, steps, store.StepStaged, ""); err != nil {
		return 0, err
	}
	return 0, stop
}

// receivePart: upstream took the elements one by one, up to one that failed.
func (r *applying) receivePart(ctx context.Context, steps []*store.Step, partial *apiclient.PartialError) (reception, error) {
	failed := steps[partial.Done : partial.Done+1]
	if err := r.endAnswered(ctx, steps[:partial.Done], nil); err != nil {
		return 0, err
	}
	if err := r.endAll(ctx, steps[partial.Done+1:], store.StepStaged, ""); err != nil {
		return 0, err
	}
	return r.receive(ctx, failed, nil, partial.Err)
}

// refusedForGood: the words are about what was asked, and would be the same again.
func refusedForGood(err error) bool {
	return errors.Is(err, apiclient.ErrRefused) || errors.Is(err, apiclient.ErrForbidden) ||
		errors.Is(err, apiclient.ErrPlan) || errors.Is(err, apiclient.ErrNotFound)
}

// haltFor is how a request ends the run that upstream surely didn't carry out;
// nil where it might have.
func (r *applying) haltFor(err error) *halt {
	switch {
	case errors.Is(err, apiclient.ErrQuota):
		return &halt{NoteQuota, r.options.Now().Add(retryAfter(err, quotaWait) + time.Second), err} // upstream counts in whole seconds
	case errors.Is(err, apiclient.ErrRateLimited):
		return &halt{NoteRateLimited, r.options.Now().Add(max(retryAfter(err, slowDown), slowDown)), err}
	case errors.Is(err, apiclient.ErrUnauthorized), errors.Is(err, apiclient.ErrNoTrack):
		return &halt{note: NoteCredential, cause: err}
	}
	return nil
}

func (r *applying) slowDown(ctx context.Context, why error) error {
	if err := r.options.Wait(ctx, max(retryAfter(why, slowDown), slowDown)); err != nil {
		return &halt{note: NoteStopped, cause: err}
	}
	return nil
}

// read asks upstream for something current.
func read[T any](ctx context.Context, r *applying, ask func(api *apiclient.Client) (T, error)) (T, error) {
	for slowDowns := 0; ; slowDowns++ {
		got, err := ask(r.job.Client().Fresh())
		switch {
		case err == nil:
			return got, nil
		case ctx.Err() != nil:
			return got, &halt{note: NoteStopped, cause: context.Cause(ctx)}
		case errors.Is(err, apiclient.ErrRateLimited) && slowDowns < maxSlowDowns:
			if err := r.slowDown(ctx, err); err != nil {
				return got, err
			}
			continue
		case refusedForGood(err):
			return got, err
		}
		if stop := r.haltFor(err); stop != nil {
			return got, stop
		}
		return got, &halt{note: NoteUnreachable, cause: err}
	}
}

// words are upstream's.
func words(err error) string {
	var e *apiclient.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Message
}

func (r *applying) begin(ctx context.Context, steps []*store.Step) error {
	ids := make([]int64, len(steps))
	for i, s := range steps {
		ids[i] = s.ID
	}
	if err := r.journal.BeginSteps(ctx, r.set.ID, r.holder, ids); err != nil {
		return fmt.Errorf("changes: begin steps: %w", err)
	}
	for _, s := range steps {
		s.State = store.StepSending
	}
	return nil
}

func (r *applying) endAnswered(ctx context.Context, steps []*store.Step, except exceptions) error {
	r.unanswered = 0
	results := make([]store.StepResult, len(steps))
	for i, s := range steps {
		results[i] = store.StepResult{ID: s.ID, State: store.StepDone}
		if exception, ok := except[s.ID]; ok {
			results[i] = exception
		}
	}
	return r.end(ctx, steps, results)
}

func (r *applying) endRefused(ctx context.Context, steps []*store.Step, err error) error {
	r.unanswered = 0
	message := words(err)
	if message == "" {
		message = http.StatusText(statusOf(err))
	}
	if nothingToChange(message) {
		return r.endAll(ctx, steps, store.StepAlready, "")
	}
	return r.endAll(ctx, steps, store.StepRefused, message)
}

// nothingToChange: upstream's words for a cell that is as wanted.
func nothingToChange(message string) bool {
	return strings.EqualFold(strings.TrimRight(message, "."), "nothing to change")
}

func statusOf(err error) int {
	var e *apiclient.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Status
}

func (r *applying) endAll(ctx context.Context, steps []*store.Step, state, message string) error {
	results := make([]store.StepResult, len(steps))
	for i, s := range steps {
		results[i] = store.StepResult{ID: s.ID, State: state, Message: message}
	}
	return r.end(ctx, steps, results)
}

// end writes results down even where ctx has ended.
func (r *applying) end(ctx context.Context, steps []*store.Step, results []store.StepResult) error {
	if len(results) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if err := r.journal.EndSteps(ctx, r.set.ID, r.holder, results); err != nil {
		return fmt.Errorf("changes: end steps: %w", err)
	}
	byID := make(map[int64]store.StepResult, len(results))
	for _, result := range results {
		byID[result.ID] = result
	}
	for _, s := range steps {
		if result, ok := byID[s.ID]; ok {
			s.State, s.Message = result.State, result.Message
		}
	}
	return nil
}
