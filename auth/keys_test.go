package auth

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// awkwardKey needs padding, and the characters in which the two alphabets differ.
var awkwardKey = bytes.Repeat([]byte{0xfb, 0xff}, KeySize/2)

func TestParseKeys(t *testing.T) {
	std, raw := base64.StdEncoding.EncodeToString(awkwardKey), base64.RawStdEncoding.EncodeToString(awkwardKey)
	url, rawURL := base64.URLEncoding.EncodeToString(awkwardKey), base64.RawURLEncoding.EncodeToString(awkwardKey)
	other := hex.EncodeToString(oldKey)
	for _, tt := range []struct {
		in   string
		want [][]byte
	}{
		{std, [][]byte{awkwardKey}},
		{raw, [][]byte{awkwardKey}},
		{url, [][]byte{awkwardKey}},
		{rawURL, [][]byte{awkwardKey}},
		{hex.EncodeToString(awkwardKey), [][]byte{awkwardKey}},
		{strings.ToUpper(hex.EncodeToString(awkwardKey)), [][]byte{awkwardKey}},
		{std + "," + other, [][]byte{awkwardKey, oldKey}},
		{other + "\n" + rawURL + "\r\n", [][]byte{oldKey, awkwardKey}},
		{" , " + other + " ,\n\n" + std + " ", [][]byte{oldKey, awkwardKey}},
	} {
		got, err := ParseKeys(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.in, diff)
		}
	}
}

func TestParseKeysRefuses(t *testing.T) {
	good := hex.EncodeToString(oldKey)
	for in, want := range map[string]string{
		"":                               "no key",
		", ,":                            "no key",
		"canary":                         "key 1 ",
		good + ",canary":                 "key 2 ",
		good + "\n" + good + "\ncanary!": "key 3 ",
		good[:62]:                        "key 1 ",
		"xx" + good[2:]:                  "key 1 ",
		base64.StdEncoding.EncodeToString([]byte("canary-canary-canary-canary-31-")): "key 1 ",
		base64.StdEncoding.EncodeToString(bytes.Repeat(oldKey, 2)):                   "key 1 ",
	} {
		keys, err := ParseKeys(in)
		if err == nil || keys != nil {
			t.Errorf("%q was accepted", in)
			continue
		}
		if msg := err.Error(); !strings.Contains(msg, want) || !strings.Contains(msg, "ROSTER_SECRET_KEYS") {
			t.Errorf("%q does not name the setting and %q", msg, want)
		}
		if strings.Contains(err.Error(), canary) {
			t.Errorf("%q holds the value", err)
		}
	}
}

func TestNewKey(t *testing.T) {
	a, b := NewKey(), NewKey()
	if len(a) != KeySize || bytes.Equal(a, b) || bytes.Equal(a, make([]byte, KeySize)) {
		t.Error("the keys are not random")
	}
	if got, err := ParseKeys(fmt.Sprintf("%x", a)); err != nil || !bytes.Equal(got[0], a) {
		t.Errorf("a new key can't be read back: %v", err)
	}
}
