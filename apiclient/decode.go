package apiclient

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An answer is what upstream sent, with the body read to its end.
type answer struct {
	api, op string
	status  int
	header  http.Header
	body    []byte
	secret  string // that signed the request
}

func (a answer) startsWith(first byte) bool {
	body := bytes.TrimLeft(a.body, " \t\r\n")
	return len(body) > 0 && body[0] == first
}

func (a answer) empty() bool { return len(bytes.TrimSpace(a.body)) == 0 }

func (a answer) bad(field string) *Error {
	return &Error{API: a.api, Op: a.op, Kind: ErrBadAnswer, Status: a.status, Field: field, TraceID: traceID(a.header)}
}

// decode reads the body into value. Unknown members are ignored and null leaves
// any value zero; anything else of a wrong type is ErrBadAnswer with its path.
func (a answer) decode(value any) error {
	err := unmarshal(a.body, value)
	if err == nil {
		return nil
	}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return a.bad(sentence(string(semantic.JSONPointer)))
	}
	return a.bad("")
}

// decodeValue reads one value. No body is fine where the status isn't 200.
func decodeValue[T any](a answer) (T, error) {
	var value T
	if a.empty() && a.status != http.StatusOK {
		return value, nil
	}
	if err := a.decode(&value); err != nil {
		var none T // and not what was decoded up to there
		return none, err
	}
	return value, nil
}

// decodeList reads a list in each form that the services are known to send: a
// bare array, null, {"items":[…]} and {"data":[…]}.
func decodeList[T any](a answer) ([]T, error) {
	if !a.startsWith('{') {
		return decodeValue[[]T](a)
	}
	// Of a member that is there, the pointer becomes nil (null) or its list doesn't stay so.
	items, data := new([]T), new([]T)
	body := struct {
		Items *[]T `json:"items"`
		Data  *[]T `json:"data"`
	}{items, data}
	if err := a.decode(&body); err != nil {
		return nil, err
	}
	if body.Items != nil && *body.Items != nil {
		return *body.Items, nil
	}
	if body.Data != nil && *body.Data != nil {
		return *body.Data, nil
	}
	if body.Items == nil || body.Data == nil {
		return nil, nil
	}
	return nil, a.bad("")
}

// ignored is for answers that say nothing but that it worked.
func ignored(answer) (struct{}, error) { return struct{}{}, nil }

// marshal and unmarshal are all that the package knows of its JSON library.
// docs/adr/0002-json.md has the reasons for it.
func marshal(value any) ([]byte, error) { return json.Marshal(value, wire) }

func unmarshal(data []byte, value any) error { return json.Unmarshal(data, value, wire) }

var wire = json.JoinOptions(
	jsontext.AllowInvalidUTF8(true), // a broken name is no reason to show nothing
	jsontext.AllowDuplicateNames(true),
	json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(readTime),
		json.UnmarshalFromFunc(readTexts),
	)),
)

// readTime leaves a time zero where it isn't one: a date is never worth a page.
func readTime(decoder *jsontext.Decoder, at *time.Time) error {
	value, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	*at = time.Time{} // as it stays where nothing below fits
	if value.Kind() != '"' || len(value) < 2 {
		return nil
	}
	text := value[1 : len(value)-1]
	if at.UnmarshalText(text) == nil {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z0700", time.DateTime, time.DateOnly} {
		if parsed, err := time.Parse(layout, string(text)); err == nil {
			*at = parsed
			return nil
		}
	}
	return nil
}

// readTexts accepts one text where a list of them is expected: the reference
// says so of permissions.
func readTexts(decoder *jsontext.Decoder, texts *[]string) error {
	if decoder.PeekKind() != '"' {
		return errors.ErrUnsupported
	}
	token, err := decoder.ReadToken()
	if err != nil {
		return err
	}
	*texts = nil
	if text := token.String(); text != "" {
		*texts = []string{text}
	}
	return nil
}
