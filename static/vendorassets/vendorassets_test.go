package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func archiveOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	w := tar.NewWriter(zipped)
	for name, content := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestVerifyRefusesAnotherArchive(t *testing.T) {
	archive := []byte("as published")
	sum := sha512.Sum512(archive)
	integrity := "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
	if err := verify(archive, integrity); err != nil {
		t.Errorf("the pinned archive: %v", err)
	}
	if verify([]byte("as tampered with"), integrity) == nil {
		t.Error("another archive was taken for the pinned one")
	}
}

func TestUnpackDropsTheFirstFolder(t *testing.T) {
	got, err := unpack(archiveOf(t, map[string]string{"package/dist/a.js": "a", "package/LICENSE": "b", "loose": "c"}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{"dist/a.js": []byte("a"), "LICENSE": []byte("b")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := unpack([]byte("no archive")); err == nil {
		t.Error("something that is no archive was unpacked")
	}
}

func TestReadIconNames(t *testing.T) {
	got, err := readIconNames("# all\nx\n\n  arrow-up # in the header of a column\n")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"x", "arrow-up"}, got); diff != "" {
		t.Error(diff)
	}
	for _, list := range []string{"x\nx\n", "../x\n", "X\n", "a b\n", "-x\n"} {
		if _, err := readIconNames(list); err == nil {
			t.Errorf("%q was read", list)
		}
	}
}

func TestBuildSprite(t *testing.T) {
	archive := map[string][]byte{"icons/x.svg": []byte("<!-- c -->\n<svg\n  class=\"a\"\n>\n  <path d=\"M1 1\" />\n  <path d=\"M2 2\" />\n</svg>\n")}
	got, err := buildSprite(archive, []string{"x"}, "1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	want := "<!-- Lucide 1.0.0, see licenses/lucide.txt -->\n" +
		`<svg xmlns="http://www.w3.org/2000/svg">` + "\n" +
		`<symbol id="x" ` + symbolAttributes + `><path d="M1 1" /><path d="M2 2" /></symbol>` + "\n</svg>\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if _, err := buildSprite(archive, []string{"gone"}, "1.0.0"); err == nil {
		t.Error("an icon that Lucide does not have was drawn")
	}
}
