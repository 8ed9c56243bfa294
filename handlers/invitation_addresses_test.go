package handlers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadAddresses(t *testing.T) {
	for _, tt := range []struct {
		name, text        string
		addresses, faults []string
	}{
		{"nothing", " \r\n\n", nil, nil},
		{"one a line", "ann@x.example\r\nbob@x.example\r\n", []string{"ann@x.example", "bob@x.example"}, nil},
		{"commas and semicolons", "ann@x.example, bob@x.example;cleo@x.example,", []string{"ann@x.example", "bob@x.example", "cleo@x.example"}, nil},
		{"blanks", "ann@x.example bob@x.example\tcleo@x.example", []string{"ann@x.example", "bob@x.example", "cleo@x.example"}, nil},
		{"of a mail program", `Ann Lee <ann@x.example>; "Doe, Bob" <bob@x.example>`, []string{"ann@x.example", "bob@x.example"}, nil},
		{"names with commas", `"Doe, Bob" <bob@x.example>, Ann <ann@x.example>`, []string{"bob@x.example", "ann@x.example"}, nil},
		{"twice", "ann@x.example\nANN@x.example, Ann <ann@x.example>", []string{"ann@x.example"}, nil},
		{"a quote", "o'brien@x.example", []string{"o'brien@x.example"}, nil},
		{"not addresses", "ann@x.example\nbob\ncleo@x.example, @x", []string{"ann@x.example", "cleo@x.example"}, []string{
			"Line 2: “bob” is not an e-mail address.", "Line 3: “@x” is not an e-mail address.",
		}},
		{"markup", "<script>alert(1)</script>", nil, []string{"Line 1: “<script>alert(1)</script>” is not an e-mail address."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addresses, faults := readAddresses(tt.text)
			if diff := cmp.Diff(tt.addresses, addresses); diff != "" {
				t.Errorf("addresses (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.faults, faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzReadAddresses(f *testing.F) {
	f.Add("Ann <ann@x.example>, bob@x.example;\n\"Doe, Cleo\" <cleo@x.example>")
	f.Fuzz(func(t *testing.T, text string) {
		addresses, _ := readAddresses(text)
		for _, address := range addresses {
			if again, faults := readAddresses("<" + address + ">"); len(faults) > 0 || len(again) != 1 || again[0] != address {
				t.Errorf("%q is read as %q, %q", address, again, faults)
			}
		}
	})
}
