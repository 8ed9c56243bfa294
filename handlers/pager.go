package handlers

import (
	"maps"
	"net/url"
	"strconv"

	"roster/apiclient"
	"roster/views"
)

// userPageSizes are how many rows Track's list of users is shown with.
var userPageSizes = []int{25, 50, 100, 200}

// listPager numbers the pages around the current one. values are the list's own
// parameters, which address makes the address of its page of.
func listPager(values url.Values, page apiclient.Page, rows int, sizes []int, address func(url.Values) string) views.Pager {
	first := (page.Number-1)*page.Size + 1
	p := views.Pager{Text: strconv.Itoa(first) + "–" + strconv.Itoa(first+rows-1)}
	for _, size := range sizes {
		p.Sizes = append(p.Sizes, views.PageLink{
			Label: strconv.Itoa(size), URL: address(fromFirst(values, "per_page", strconv.Itoa(size))), Current: size == page.Size,
		})
	}
	link := func(number int) string { return address(onPage(values, number)) }
	if page.Known {
		p.Text += " of " + views.Count(page.Records)
		for _, number := range pageNumbers(page.Number, page.Pages) {
			if number == 0 {
				p.Pages = append(p.Pages, views.PageLink{})
				continue
			}
			p.Pages = append(p.Pages, views.PageLink{Label: strconv.Itoa(number), URL: link(number), Current: number == page.Number})
		}
	}
	if page.Number > 1 {
		p.Prev = link(page.Number - 1)
	}
	if page.HasNext {
		p.Next = link(page.Number + 1)
	}
	return p
}

// onPage is the same list on another page; the first has no number.
func onPage(values url.Values, number int) url.Values {
	values = maps.Clone(values)
	values.Set("page", strconv.Itoa(number))
	if number == 1 {
		values.Del("page")
	}
	return values
}

// fromFirst is the list from its first page with one parameter changed; empty
// leaves it out.
func fromFirst(values url.Values, name, value string) url.Values {
	values = maps.Clone(values)
	values.Del("page")
	values.Set(name, value)
	if value == "" {
		values.Del(name)
	}
	return values
}

// listSort is the link in the head of the name column, which turns the order.
func listSort(values url.Values, address func(url.Values) string) views.Sort {
	if values.Get("sort_dir") == descending {
		return views.Sort{URL: address(fromFirst(values, "sort_dir", "")), Direction: "descending", Icon: "arrow-down"}
	}
	return views.Sort{URL: address(fromFirst(values, "sort_dir", descending)), Direction: "ascending", Icon: "arrow-up"}
}

// pageNumbers are the first, the last and those near the current one; 0 is a
// gap. However many pages Toggl says there are, it takes no longer.
func pageNumbers(current, last int) []int {
	var numbers []int
	for _, n := range []int{1, current - 1, current, current + 1, last} {
		before := 0
		if len(numbers) > 0 {
			before = numbers[len(numbers)-1]
		}
		if n <= before || n > last {
			continue
		}
		if n > before+1 {
			numbers = append(numbers, 0)
		}
		numbers = append(numbers, n)
	}
	return numbers
}
