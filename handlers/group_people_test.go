package handlers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

func TestReadPeople(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []wantedPerson
	}{
		{"nothing", " \n ,; \r\n", nil},
		{"a name a line", "Hana Sato\r\n  Elif   Yılmaz \n", []wantedPerson{
			{text: "Hana Sato", name: "Hana Sato"}, {text: "Elif Yılmaz", name: "Elif Yılmaz"},
		}},
		{"addresses in a row", "a@x.example b@x.example,c@x.example; d@x.example", []wantedPerson{
			{text: "a@x.example", email: "a@x.example"},
			{text: "b@x.example", email: "b@x.example"},
			{text: "c@x.example", email: "c@x.example"},
			{text: "d@x.example", email: "d@x.example"},
		}},
		{"of a mail program", `"Sato, Hana" <hana@x.example>; Elif Yılmaz <elif@x.example>`, []wantedPerson{
			{text: "Sato, Hana <hana@x.example>", email: "hana@x.example"}, {text: "Elif Yılmaz <elif@x.example>", email: "elif@x.example"},
		}},
		{"twice", "HANA@x.example\nhana@X.example\nhana sato\nHana Sato", []wantedPerson{
			{text: "HANA@x.example", email: "HANA@x.example"}, {text: "hana sato", name: "hana sato"},
		}},
		{"a part of an address", "hana@", []wantedPerson{{text: "hana@", name: "hana@"}}},
		{"markup and right to left", "<b>x</b>, مريم", []wantedPerson{{text: "<b>x</b>", name: "<b>x</b>"}, {text: "مريم", name: "مريم"}}},
	} {
		got := readPeople(tt.text)
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(wantedPerson{})); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestPeopleAmongUsers(t *testing.T) {
	users := []apiclient.OrganizationUser{
		{ID: 1, Name: "Hana Sato", Email: "hana@x.example"},
		{ID: 2, Name: "Hana  Satomi", Email: "satomi@x.example"},
		{ID: 3, Name: "hana sato", Email: "other@x.example"},
		{ID: 4, Name: "", Email: "sato@x.example"},
	}
	for text, want := range map[string]string{
		"Hana Sato": "1 3", "hana satomi": "2", "SATO": "1 2 3 4", "Hana@X.example": "1", "nobody@x.example": "", "mi": "2", "Zoe": "",
		"sato@x.example": "4", // not those who have it as a part
	} {
		var ids []string
		for _, u := range readPerson(text).among(users) {
			ids = append(ids, string(rune('0'+u.ID)))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
