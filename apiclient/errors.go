package apiclient

import (
	"strconv"
	"time"
)

// Kind sorts errors by what a page can do about them. Kinds are errors
// themselves, to compare with: errors.Is(err, apiclient.ErrQuota).
type Kind string

// Error is the kind in words.
func (k Kind) Error() string { return string(k) }

// The kinds of errors.
const (
	// ErrQuota: the hourly number of calls is used up (402). RetryAfter says for
	// how long, zero when upstream didn't.
	ErrQuota Kind = "hourly quota used up"
	// ErrPlan: the organization's plan doesn't include it (402).
	ErrPlan Kind = "not in the plan"
	// ErrRateLimited: too fast (429), or our own pace would take longer than the
	// caller can wait (Status 0).
	ErrRateLimited Kind = "too many requests"
	// ErrUnauthorized: the credential is refused (401). Track answers wrong
	// credentials with 403: at sign-in ErrForbidden means the same.
	ErrUnauthorized Kind = "credential refused"
	// ErrForbidden: not allowed (403).
	ErrForbidden Kind = "not allowed"
	// ErrNotFound: no such thing, or not one of this organization (404).
	ErrNotFound Kind = "not found"
	// ErrRefused: the input is refused (400, 409, 422 and other 4xx). Message
	// holds upstream's words for the person.
	ErrRefused Kind = "refused"
	// ErrNotAvailable: upstream no longer has the operation (405, 410, and 404 of
	// ChangeAssignments).
	ErrNotAvailable Kind = "operation not available"
	// ErrNoTrack: the session holds no Track credential.
	ErrNoTrack Kind = "no Toggl Track credential"
	// ErrNoFocus: the session holds no Focus key.
	ErrNoFocus Kind = "no Toggl Focus key"
	// ErrUnreachable: no usable answer: time-out, connection lost, redirect
	// refused, 5xx.
	ErrUnreachable Kind = "upstream could not answer"
	// ErrBadAnswer: an answer that can't be decoded, or is larger than 32 MB.
	ErrBadAnswer Kind = "answer not understood"
	// ErrNotRecorded: the Recorder could not write the change down, so that it
	// wasn't sent.
	ErrNotRecorded Kind = "could not be written down beforehand"
	// ErrUnknown: a Known client has nothing cached.
	ErrUnknown Kind = "not known without asking"
)

// Error is a failed call. It holds scalars only, never a request, a header or
// a credential.
type Error struct {
	API        string        // "track" or "focus"
	Op         string        // operationId in the contract
	Kind       Kind          // what a page can do about it
	Status     int           // HTTP status; 0 when there was no answer
	Message    string        // words for the person, at most 500 characters; may be empty and may name people
	Code       string        // upstream's error code (Focus), else empty
	TraceID    string        // upstream's id of the request, for its support
	Field      string        // ErrBadAnswer: path of the member that has a wrong type
	RetryAfter time.Duration // how long upstream asked to wait; 0 when it didn't
}

// Error is for logs: it leaves Message out, which may name people.
func (e *Error) Error() string {
	text := e.API + " " + e.Op + ": " + string(e.Kind)
	if e.Status != 0 {
		text += " (" + strconv.Itoa(e.Status) + ")"
	}
	if e.Field != "" {
		text += " at " + e.Field
	}
	return text
}

// Is reports whether target is the error's Kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && e.Kind == kind
}

// PartialError says that a change of several elements stopped on the way.
type PartialError struct {
	Done  int // elements that upstream accepted
	Total int
	Err   error // why the next one failed
}

// Error counts and names the cause.
func (e *PartialError) Error() string {
	return strconv.Itoa(e.Done) + " of " + strconv.Itoa(e.Total) + " done: " + e.Err.Error()
}

// Unwrap is the cause.
func (e *PartialError) Unwrap() error { return e.Err }
