package jsonbench

import (
	stdjson "encoding/json"
	"testing"
	"time"

	"github.com/bytedance/sonic"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	gojson "github.com/goccy/go-json"
	segmentio "github.com/segmentio/encoding/json"
)

// lenient is what Roster asks for on top: a date that isn't one is zero.
var lenient = json.JoinOptions(
	jsontext.AllowInvalidUTF8(true),
	jsontext.AllowDuplicateNames(true),
	json.WithUnmarshalers(json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, at *time.Time) error {
		value, err := decoder.ReadValue()
		if err != nil || value.Kind() != '"' {
			return err
		}
		if at.UnmarshalText(value[1:len(value)-1]) != nil {
			*at = time.Time{}
		}
		return nil
	})),
)

var libraries = []struct {
	name      string
	unmarshal func([]byte, any) error
}{
	{"encoding-json", stdjson.Unmarshal},
	{"go-json-experiment", func(data []byte, v any) error { return json.Unmarshal(data, v) }},
	{"go-json-experiment-lenient", func(data []byte, v any) error { return json.Unmarshal(data, v, lenient) }},
	{"goccy", func(data []byte, v any) error { return gojson.Unmarshal(data, v) }},
	{"segmentio", segmentio.Unmarshal},
	{"sonic", sonic.Unmarshal},
	{"sonic-std", sonic.ConfigStd.Unmarshal},
}

func BenchmarkDecodeUsers200(b *testing.B) {
	data := page(200)
	for _, library := range libraries {
		b.Run(library.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				var users []user
				if err := library.unmarshal(data, &users); err != nil || len(users) != 200 {
					b.Fatal(len(users), err)
				}
			}
		})
	}
}

func TestLibrariesAgree(t *testing.T) {
	var want []user
	if err := stdjson.Unmarshal(page(20), &want); err != nil {
		t.Fatal(err)
	}
	wanted, err := stdjson.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, library := range libraries {
		var users []user
		if err := library.unmarshal(page(20), &users); err != nil {
			t.Errorf("%s: %v", library.name, err)
			continue
		}
		if got, err := stdjson.Marshal(users); err != nil || string(got) != string(wanted) {
			t.Errorf("%s decodes something else (%v)", library.name, err)
		}
	}
}
