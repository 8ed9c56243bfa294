package apiclient

import (
	"net/http"
	"strconv"
)

// defaultPageSize is what both APIs send when no size is asked for.
const defaultPageSize = 50

// Page tells where in a list the returned elements are.
type Page struct {
	Number  int  // from 1
	Size    int  // elements of a full page
	Pages   int  // 0 unless Known
	Records int  // elements of all pages; 0 unless Known
	Known   bool // upstream counted; else HasNext is concluded from a full page
	HasNext bool
}

// pageOf reads the X-Page… headers, and without them concludes from what was
// asked and how many elements came: a short page is the last one.
func pageOf(header http.Header, asked, size, count int) Page {
	pages, records := number(header.Get("X-Pages"), -1), number(header.Get("X-Records"), -1)
	if pages < 0 || records < 0 {
		return Page{Number: asked, Size: size, HasNext: count > 0 && count >= size}
	}
	page := Page{
		Number: positive(header.Get("X-Page"), asked), Size: positive(header.Get("X-Page-Size"), size),
		Pages: pages, Records: records, Known: true,
	}
	page.HasNext = page.Number < page.Pages
	return page
}

// number reads a count from a text, or falls back.
func number(text string, fallback int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return fallback
	}
	return n
}

func positive(text string, fallback int) int {
	if n := number(text, fallback); n > 0 {
		return n
	}
	return fallback
}

func orDefault(size int) int {
	if size > 0 {
		return size
	}
	return defaultPageSize
}
