package auth

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// errUnsealed means that no key opens the data: it was altered, belongs to another
// row, or its key was taken out of the list.
var errUnsealed = errors.New("auth: sealed data can't be opened")

// keyring seals with the newest of its keys and opens with any. The keys are behind
// functions because fmt looks through fields that are not exported, past any method,
// and of a function it prints the address.
type keyring struct{ masters []func() []byte }

// binding says what sealed data belongs to. Under any other binding it can't be opened.
type binding struct {
	purpose string // keeps kinds of data apart
	salt    string // what the key is derived for
	context []byte // what else must be as it was when sealed
}

func newKeyring(keys Keys) (*keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("auth: no master key")
	}
	ring := &keyring{}
	for i, key := range keys {
		if len(key) != KeySize {
			return nil, fmt.Errorf("auth: master key %d has %d bytes, want %d", i+1, len(key), KeySize)
		}
		key := bytes.Clone(key)
		ring.masters = append(ring.masters, func() []byte { return key })
	}
	return ring, nil
}

func (k *keyring) seal(b binding, plain []byte) ([]byte, error) {
	aead, err := b.aead(k.masters[0]())
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, b.context), nil // #nosec G407 -- this AEAD makes its own random nonce
}

// open also tells whether the data is sealed with the newest key.
func (k *keyring) open(b binding, sealed []byte) (plain []byte, newest bool, err error) {
	for i, master := range k.masters {
		aead, err := b.aead(master())
		if err != nil {
			return nil, false, err
		}
		if plain, err := aead.Open(nil, nil, sealed, b.context); err == nil {
			return plain, i == 0, nil
		}
	}
	return nil, false, errUnsealed
}

// aead is AES-256-GCM with a random nonce under HKDF-SHA-256(master, salt, purpose).
func (b binding) aead(master []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, master, []byte(b.salt), b.purpose, KeySize)
	if err != nil {
		return nil, fmt.Errorf("auth: derive key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("auth: cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
