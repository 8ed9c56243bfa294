// Package static holds the files that a browser loads beside the pages: style
// sheet, scripts, icons and fonts. They are part of the program, and their
// addresses carry a hash of their content, so a browser keeps them for a year
// and still never shows an old one.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// Prefix is the path below which Handler serves and to which URL points.
const Prefix = "/static/"

//go:embed *.css *.js *.svg fonts licenses
var embedded embed.FS

// contentTypes lists what is served. The table of the operating system is not
// asked: it differs by machine.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

var assets = mustLoad(embedded)

// URL returns the address of the file name, which is relative to this folder,
// as in "fonts/inter-latin-wght-normal.woff2". It panics when there is no such
// file, so that a misspelt name fails in the first test that renders the page.
func URL(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("static: no file named " + name)
	}
	return a.url
}

func mustLoad(fsys fs.FS) map[string]*asset {
	loaded, err := load(fsys)
	if err != nil {
		panic(err)
	}
	return loaded
}

// load reads every file of fsys. Style sheets come last: the addresses in them
// are replaced by those with a hash, which makes their own hash depend on what
// they refer to.
func load(fsys fs.FS) (map[string]*asset, error) {
	loaded := make(map[string]*asset)
	var sheets []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return nil
		case path.Ext(name) == ".css":
			sheets = append(sheets, name)
			return nil
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		return add(loaded, name, body)
	})
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	for _, name := range sheets {
		body, err := fs.ReadFile(fsys, name)
		if err == nil {
			body, err = resolveReferences(loaded, name, body)
		}
		if err == nil {
			err = add(loaded, name, body)
		}
		if err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
	}
	return loaded, nil
}

func add(loaded map[string]*asset, name string, body []byte) error {
	contentType, ok := contentTypes[path.Ext(name)]
	if !ok {
		return fmt.Errorf("%s: no content type for this kind of file", name)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	loaded[name] = newAsset(body, contentType, hash, Prefix+name+"?v="+hash)
	return nil
}

var reference = regexp.MustCompile(`url\("([^"]+)"\)`)

// resolveReferences gives every url("…") of a style sheet its hash.
func resolveReferences(loaded map[string]*asset, sheet string, body []byte) ([]byte, error) {
	var missing error
	resolved := reference.ReplaceAllFunc(body, func(match []byte) []byte {
		name := path.Join(path.Dir(sheet), string(reference.FindSubmatch(match)[1]))
		a, ok := loaded[name]
		if !ok {
			missing = fmt.Errorf("%s refers to %s, which is not there", sheet, name)
			return match
		}
		return []byte(`url("` + a.url + `")`)
	})
	return resolved, missing
}
