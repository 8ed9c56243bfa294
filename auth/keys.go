package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// KeySize is the length of a master key in bytes.
const KeySize = 32

// Keys are master keys, newest first: the first seals, all open. It prints and
// marshals as "[redacted]".
type Keys [][]byte

// NewKey returns a random master key.
func NewKey() []byte {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails: it ends the program instead
	return key
}

// ParseKeys reads ROSTER_SECRET_KEYS: master keys, newest first, separated by commas
// or line ends, each of 32 bytes as base64 (either alphabet, padded or not) or as 64
// hexadecimal digits. Its errors name the position of a key, never a part of it.
func ParseKeys(s string) ([][]byte, error) {
	var keys [][]byte
	for field := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		field = strings.TrimSpace(field)
		if field == "" {
			continue
		}
		key, ok := parseKey(field)
		if !ok {
			return nil, fmt.Errorf("ROSTER_SECRET_KEYS: key %d is not %d bytes as base64 or %d hexadecimal digits",
				len(keys)+1, KeySize, hex.EncodedLen(KeySize))
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("ROSTER_SECRET_KEYS: no key; make one with: openssl rand -base64 32")
	}
	return keys, nil
}

func parseKey(s string) ([]byte, bool) {
	if len(s) == hex.EncodedLen(KeySize) {
		key, err := hex.DecodeString(s)
		return key, err == nil
	}
	s = strings.TrimRight(s, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if key, err := encoding.DecodeString(s); err == nil && len(key) == KeySize {
			return key, true
		}
	}
	return nil, false
}

// String redacts.
func (Keys) String() string { return redacted }

// GoString redacts.
func (Keys) GoString() string { return redacted }

// Format redacts under every verb.
func (Keys) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (Keys) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (Keys) LogValue() slog.Value { return slog.StringValue(redacted) }
