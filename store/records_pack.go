package store

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// MaxRecord is how many bytes a record may have in the database: what is larger
	// stays in the memory of the process that made it.
	MaxRecord = 4 << 20
	// maxUnpacked bounds what a record holds: names compress well.
	maxUnpacked = 32 * MaxRecord
)

// ErrTooLarge means that something is too large to be kept.
var ErrTooLarge = errors.New("store: too large to be kept")

// PackRecord is v as gzipped JSON, for a [Record]. It returns [ErrTooLarge] for what a
// record can't hold.
func PackRecord(v any) ([]byte, error) {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("store: pack record: %w", err)
	}
	if err := errors.Join(json.NewEncoder(z).Encode(v), z.Close()); err != nil {
		return nil, fmt.Errorf("store: pack record: %w", err)
	}
	if packed.Len() > MaxRecord {
		return nil, fmt.Errorf("store: pack record: %w", ErrTooLarge)
	}
	return packed.Bytes(), nil
}

// UnpackRecord reads what [PackRecord] made into v.
func UnpackRecord(packed []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("store: unpack record: %w", err)
	}
	if err := json.NewDecoder(io.LimitReader(z, maxUnpacked)).Decode(v); err != nil {
		return fmt.Errorf("store: unpack record: %w", err)
	}
	return nil
}
