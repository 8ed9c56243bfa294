// Command vendorassets fetches the third-party files of package static from
// npm, in exactly the versions that are pinned here, and writes them where
// they belong:
//
//	go run ./static/vendorassets
//
// It runs in the module's root, needs npm, and writes the same bytes each
// time. What it wrote is recorded in static/vendored.sha256, which a test
// compares with the files.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, "static")
	stop()
	if err != nil {
		slog.Error("vendor-assets failed", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	list, err := os.ReadFile(filepath.Join(dir, "icons.txt"))
	if err != nil {
		return err
	}
	names, err := readIconNames(string(list))
	if err != nil {
		return err
	}
	written := make(map[string][]byte)
	for _, p := range pins {
		archive, err := fetch(ctx, p)
		if err != nil {
			return fmt.Errorf("%s@%s: %w", p.name, p.version, err)
		}
		for from, to := range p.files {
			body, ok := archive[from]
			if !ok {
				return fmt.Errorf("%s@%s has no file %s", p.name, p.version, from)
			}
			written[to] = body
		}
		if p.name == iconPackage {
			if written["icons.svg"], err = buildSprite(archive, names, p.version); err != nil {
				return err
			}
		}
	}
	written["vendored.sha256"] = checksums(written)
	return writeFiles(dir, written)
}

func writeFiles(dir string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, files[name], 0o644); err != nil {
			return err
		}
		slog.Info("written", "file", target, "bytes", len(files[name]))
	}
	return nil
}
