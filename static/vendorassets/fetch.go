package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// maxFile caps one unpacked file, in bytes.
const maxFile = 8 << 20

// fetch downloads a package with npm, checks its archive against the pinned
// hash, and returns its files by their path in the package.
func fetch(ctx context.Context, p pin) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "vendor-assets-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)

	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", p.name+"@"+p.version)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm pack: %w", err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, errors.Join(fmt.Errorf("npm pack left %d archives", len(found)), err)
	}
	archive, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	if err := verify(archive, p.integrity); err != nil {
		return nil, err
	}
	return unpack(archive)
}

func verify(archive []byte, integrity string) error {
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
		return fmt.Errorf("archive has integrity %s, pinned is %s", got, integrity)
	}
	return nil
}

// unpack reads an npm archive, in which every path begins with one folder.
func unpack(archive []byte) (map[string][]byte, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	entries := tar.NewReader(zipped)
	for {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		_, name, inside := strings.Cut(entry.Name, "/")
		if entry.Typeflag != tar.TypeReg || !inside {
			continue
		}
		body, err := io.ReadAll(io.LimitReader(entries, maxFile))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name, err)
		}
		files[name] = body
	}
}
