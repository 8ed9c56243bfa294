package handlers

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzIsText: what passes is UTF-8 without a zero byte, in names and values.
func FuzzIsText(f *testing.F) {
	for _, query := range []string{"", "a=b", "a=%00", "%ff=b", "a=%c0%af", "a=%ed%a0%80", "a=b&a=%e2%82", "ä=ö"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		flat := ""
		for name, list := range values {
			flat += name + strings.Join(list, "")
			if !utf8.ValidString(name) || !utf8.ValidString(strings.Join(list, " ")) {
				flat += "\x00"
			}
		}
		if want := !strings.Contains(flat, "\x00"); isText(values) != want {
			t.Errorf("%q is text: %t", query, isText(values))
		}
	})
}
