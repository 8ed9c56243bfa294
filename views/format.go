package views

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Clock turns moments into words for one person: their time zone, and now.
type Clock struct {
	Now      time.Time
	Location *time.Location
}

// Date prints "Today", "14 Nov" in this year and "14 Nov 2025" before it.
func (c Clock) Date(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	local, now := t.In(c.Location), c.Now.In(c.Location)
	switch {
	case local.Year() != now.Year():
		return c.exact(local.Format("2 Jan 2006"), local)
	case local.YearDay() != now.YearDay():
		return c.exact(local.Format("2 Jan"), local)
	}
	return c.exact("Today", local)
}

// Ago prints a moment within the last 24 hours relative to now, else its date.
func (c Clock) Ago(t time.Time) Time {
	age := c.Now.Sub(t)
	if t.IsZero() || age < 0 || age >= 24*time.Hour {
		return c.Date(t)
	}
	text := "just now"
	switch {
	case age >= time.Hour:
		text = strconv.Itoa(int(age.Hours())) + " h ago"
	case age >= time.Minute:
		text = strconv.Itoa(int(age.Minutes())) + " min ago"
	}
	return c.exact(text, t.In(c.Location))
}

// Moment prints the day and the time to the second, for a log.
func (c Clock) Moment(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	local := t.In(c.Location)
	layout := "2 Jan 2006, 15:04:05"
	if local.Year() == c.Now.In(c.Location).Year() {
		layout = "2 Jan, 15:04:05"
	}
	return c.exact(local.Format(layout), local)
}

// Hour prints the time of day, with the day when it isn't today.
func (c Clock) Hour(t time.Time) string {
	local, now := t.In(c.Location), c.Now.In(c.Location)
	if local.YearDay() == now.YearDay() && local.Year() == now.Year() {
		return local.Format("15:04")
	}
	return local.Format("15:04 on 2 Jan")
}

func (Clock) exact(text string, local time.Time) Time {
	return Time{Text: text, Datetime: local.Format(time.RFC3339), Exact: local.Format("Mon 2 Jan 2006, 15:04 MST")}
}

// Count prints a number with thin thousands: 10 000.
func Count[T ~int | ~int64](n T) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 4 {
		return sign + digits
	}
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteRune('\u202f')
		}
		out.WriteRune(d)
	}
	return sign + out.String()
}

// Plural prints "1 user" and "2 users".
func Plural[T ~int | ~int64](n T, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// currencySymbols are those that are commonly written instead of the code.
var currencySymbols = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}

// CurrencySymbol is what stands before an amount: "€", or the code and a space.
func CurrencySymbol(code string) string {
	if symbol, ok := currencySymbols[code]; ok || code == "" {
		return symbol
	}
	return code + " "
}

// Money prints an amount with its currency, two decimals: "€95.00".
func Money(amount float64, currency string) string {
	return CurrencySymbol(currency) + strconv.FormatFloat(amount, 'f', 2, 64)
}

// Decimal prints a number as short as it is: 7.5.
func Decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// YesNo prints a flag.
func YesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

// tones are the six avatar colours of the stylesheet.
const tones = "abcdef"

// AvatarOf makes initials and a colour of a name, always the same for the same name.
func AvatarOf(name string) Avatar {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name)) // never fails
	tone := hash.Sum32() % uint32(len(tones))
	return Avatar{Initials: initials(name), Tone: tones[tone : tone+1]}
}

// initials takes the first letter of the first and the last word.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' })
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first) + string(last))
}
