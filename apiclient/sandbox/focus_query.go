package sandbox

import (
	"net/url"
	"slices"
	"strconv"
)

// focusPageMax is the largest per_page.
const focusPageMax = 100

// A focusQuery reads parameters and keeps the first refusal.
type focusQuery struct {
	values  url.Values
	refusal string
}

func (c *call) focusQuery() *focusQuery { return &focusQuery{values: c.request.URL.Query()} }

func (q *focusQuery) refuse(message string) {
	if q.refusal == "" {
		q.refusal = message
	}
}

func (q *focusQuery) refuseField(structure, field, tag string) {
	q.refuse(fieldError(structure, field, tag))
}

func (q *focusQuery) ids(name string) []int64 {
	var numbers []int64
	for _, part := range csv(q.values[name]) {
		numbers = append(numbers, q.number(part))
	}
	return numbers
}

func (q *focusQuery) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		q.refuse(err.Error())
	}
	return n
}

// id reads one number, 0 when it is absent.
func (q *focusQuery) id(name string) int64 {
	if text := q.values.Get(name); text != "" {
		return q.number(text)
	}
	return 0
}

func (q *focusQuery) flag(name string) bool {
	text := q.values.Get(name)
	if text == "" {
		return false
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		q.refuse(err.Error())
	}
	return value
}

// words reads a list whose elements are among the allowed ones.
func (q *focusQuery) words(name, key, field string, allowed ...string) []string {
	words := csv(q.values[name])
	for i, word := range words {
		if !slices.Contains(allowed, word) {
			q.refuseField(key, field+"["+strconv.Itoa(i)+"]", "oneof")
		}
	}
	return words
}

func (q *focusQuery) descending() bool {
	direction := q.values.Get("sort_dir")
	if direction != "" && direction != "asc" && direction != "desc" {
		q.refuseField("Pagination", "SortDir", "oneof")
	}
	return direction == "desc"
}

func (q *focusQuery) page() (page, perPage int) {
	return q.pageNumber("page", "Page", 1, 1<<31-1), q.pageNumber("per_page", "PerPage", defaultPerPage, focusPageMax)
}

func (q *focusQuery) pageNumber(name, field string, fallback, most int) int {
	text := q.values.Get(name)
	if text == "" {
		return fallback
	}
	n := int(q.number(text))
	switch {
	case n < 1:
		q.refuseField("Pagination", field, "min")
	case n > most:
		q.refuseField("Pagination", field, "max")
	}
	return n
}
