package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheBriefly = "public, max-age=300"
	leastToGzip  = 1 << 10 // bytes; below it the saving is lost in one packet
)

// An asset is one file, ready to be sent.
type asset struct {
	body        []byte
	contentType string
	hash        string
	url         string
	gzipped     func() []byte // nil: this kind of file gains nothing
}

func newAsset(body []byte, contentType, hash, url string) *asset {
	a := &asset{body: body, contentType: contentType, hash: hash, url: url}
	if contentType != contentTypes[".woff2"] && len(body) >= leastToGzip {
		// Made at the first request that wants it: starting stays quick.
		a.gzipped = sync.OnceValue(func() []byte { return compress(body) })
	}
	return a
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return out.Bytes()
}

// Handler serves the files below Prefix. An address with the current hash may
// be kept for a year, one without or with another hash for five minutes.
// Everything else below Prefix is 404; folders are not listed.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		name, below := strings.CutPrefix(r.URL.Path, Prefix)
		a, ok := assets[name]
		if !below || !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, path.Base(name))
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	header.Set("Cache-Control", cacheBriefly)
	if r.URL.Query().Get("v") == a.hash {
		header.Set("Cache-Control", cacheForever)
	}
	body, tag := a.body, `"`+a.hash+`"`
	if a.gzipped != nil {
		header.Set("Vary", "Accept-Encoding")
		if smaller := a.preferGzip(r); smaller != nil {
			body, tag = smaller, `"`+a.hash+`-gz"`
			header.Set("Content-Encoding", "gzip")
			// ServeContent leaves the length out of an encoded body.
			header.Set("Content-Length", strconv.Itoa(len(body)))
		}
	}
	header.Set("ETag", tag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// preferGzip returns the compressed body when the browser takes one.
func (a *asset) preferGzip(r *http.Request) []byte {
	if r.Header.Get("Range") != "" || !acceptsGzip(r.Header.Values("Accept-Encoding")) {
		return nil
	}
	return a.gzipped()
}

// acceptsGzip reads Accept-Encoding: "gzip" or "*", unless its weight is zero.
func acceptsGzip(values []string) bool {
	wildcard := false
	for coding := range strings.SplitSeq(strings.Join(values, ","), ",") {
		token, parameters, _ := strings.Cut(coding, ";")
		switch strings.ToLower(strings.TrimSpace(token)) {
		case "gzip":
			return !isZeroWeight(parameters)
		case "*":
			wildcard = !isZeroWeight(parameters)
		}
	}
	return wildcard
}

func isZeroWeight(parameters string) bool {
	_, weight, ok := strings.Cut(strings.ReplaceAll(parameters, " ", ""), "q=")
	if !ok {
		return false
	}
	q, err := strconv.ParseFloat(weight, 64)
	return err == nil && q == 0
}
