package views

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, wherever they run
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func in(t *testing.T, zone, now string) Clock {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return Clock{Now: at(t, now), Location: location}
}

// TestClockDate: the day is that of the person's own place.
func TestClockDate(t *testing.T) {
	tests := []struct{ name, zone, now, moment, want string }{
		{"today", "UTC", "2026-11-21T15:00:00Z", "2026-11-21T00:00:00Z", "Today"},
		{"yesterday", "UTC", "2026-11-21T15:00:00Z", "2026-11-20T23:59:59Z", "20 Nov"},
		{"the day before in UTC, today at home", "Asia/Tokyo", "2026-11-21T00:30:00+09:00", "2026-11-20T15:10:00Z", "Today"},
		{"today in UTC, yesterday at home", "America/Los_Angeles", "2026-11-21T00:30:00-08:00", "2026-11-21T02:00:00Z", "20 Nov"},
		{"the same day a year ago", "UTC", "2026-11-21T15:00:00Z", "2025-11-21T15:00:00Z", "21 Nov 2025"},
		{"the last day of last year", "UTC", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "31 Dec 2025"},
		{"last year in UTC, this year at home", "Pacific/Auckland", "2026-01-01T10:00:00+13:00", "2025-12-31T12:00:00Z", "Today"},
		{"this year in UTC, last year at home", "America/New_York", "2026-01-05T12:00:00Z", "2026-01-01T03:00:00Z", "31 Dec 2025"},
		{"the same number of the day in a leap year", "UTC", "2025-03-01T12:00:00Z", "2024-02-29T12:00:00Z", "29 Feb 2024"},
		{"tomorrow", "UTC", "2026-11-21T15:00:00Z", "2026-11-22T15:00:00Z", "22 Nov"},
		{"next year", "UTC", "2026-11-21T15:00:00Z", "2027-03-01T15:00:00Z", "1 Mar 2027"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := in(t, tt.zone, tt.now).Date(at(t, tt.moment))
			if got.Text != tt.want {
				t.Errorf("%q, want %q", got.Text, tt.want)
			}
			if !at(t, got.Datetime).Equal(at(t, tt.moment)) {
				t.Errorf("datetime %q, want %q", got.Datetime, tt.moment)
			}
		})
	}
	if got := in(t, "UTC", "2026-11-21T15:00:00Z").Date(time.Time{}); got != (Time{}) {
		t.Errorf("no moment: %+v", got)
	}
	exact := in(t, "Europe/Oslo", "2026-11-21T15:00:00Z").Date(at(t, "2026-07-01T08:05:00Z"))
	if exact.Exact != "Wed 1 Jul 2026, 10:05 CEST" {
		t.Errorf("exactly %q", exact.Exact)
	}
}

func TestClockAgo(t *testing.T) {
	now := "2026-11-21T15:00:00Z"
	for moment, want := range map[string]string{
		"2026-11-21T15:00:00Z": "just now", "2026-11-21T14:59:01Z": "just now", "2026-11-21T14:59:00Z": "1 min ago",
		"2026-11-21T14:00:01Z": "59 min ago", "2026-11-21T14:00:00Z": "1 h ago", "2026-11-20T15:00:01Z": "23 h ago",
		"2026-11-20T15:00:00Z": "20 Nov", "2026-11-21T15:00:01Z": "Today", "2025-11-21T15:00:00Z": "21 Nov 2025",
	} {
		if got := in(t, "UTC", now).Ago(at(t, moment)).Text; got != want {
			t.Errorf("%s: %q, want %q", moment, got, want)
		}
	}
	if got := in(t, "UTC", now).Ago(time.Time{}); got != (Time{}) {
		t.Errorf("no moment: %+v", got)
	}
}

// TestClockAgoOverASummerTimeChange: hours are hours, whatever the clock did.
func TestClockAgoOverASummerTimeChange(t *testing.T) {
	clock := in(t, "Europe/Oslo", "2026-10-25T03:30:00+01:00") // 2:59 came twice
	if got := clock.Ago(at(t, "2026-10-25T01:30:00+02:00")).Text; got != "3 h ago" {
		t.Errorf("%q", got)
	}
}

func TestClockHour(t *testing.T) {
	for _, tt := range []struct{ zone, moment, want string }{
		{"UTC", "2026-11-21T16:05:00Z", "16:05"},
		{"UTC", "2026-11-22T00:05:00Z", "00:05 on 22 Nov"},
		{"Asia/Kolkata", "2026-11-21T16:05:00Z", "21:35"},
		{"Asia/Kolkata", "2026-11-21T19:05:00Z", "00:35 on 22 Nov"},
	} {
		if got := in(t, tt.zone, "2026-11-21T15:00:00Z").Hour(at(t, tt.moment)); got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.moment, tt.zone, got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 9999: "9999", 10_000: "10\u202f000", 123_456: "123\u202f456",
		1_234_567: "1\u202f234\u202f567", -5: "−5", -12_345: "−12\u202f345", -9223372036854775808: "−9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808",
	} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 users", 1: "1 user", 2: "2 users", -1: "−1 users", 10_000: "10\u202f000 users"} {
		if got := Plural(n, "user", "users"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[float64]string{0: "0", 7.5: "7.5", 40: "40", 0.1: "0.1", -3.25: "-3.25"} {
		if got := Decimal(n); got != want {
			t.Errorf("Decimal(%v) = %q, want %q", n, got, want)
		}
	}
}

func TestMoney(t *testing.T) {
	for _, tt := range []struct {
		amount   float64
		currency string
		want     string
	}{
		{95, "EUR", "€95.00"},
		{0, "USD", "$0.00"},
		{99.999, "GBP", "£100.00"},
		{12.5, "CHF", "CHF 12.50"},
		{650, "NOK", "NOK 650.00"},
		{7, "", "7.00"},
		{1234567.5, "PLN", "PLN 1234567.50"},
	} {
		if got := Money(tt.amount, tt.currency); got != tt.want {
			t.Errorf("Money(%v, %q) = %q, want %q", tt.amount, tt.currency, got, tt.want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "AL", "ada lovelace": "AL", "Ada": "A", "": "?", "   ": "?", "42": "?", "🇳🇴 👩‍👩‍👧": "?",
		"Ada King Lovelace": "AL", "Åse Ødegård": "ÅØ", "éa ño": "ÉÑ", "Jean-Luc Picard": "JP", "O'Brien Miles": "OM",
		"王秀英": "王", "山田 太郎": "山太", "김 서연": "김서", "דוד לוי": "דל", "\u202eעלי\u202c حسن": "עح",
		"👋 Zoë 🇳🇴": "Z", "ada.lovelace@example.com": "AC", "<b>x</b>": "BB", "ǆ": "Ǆ",
	} {
		if got := initials(name); got != want {
			t.Errorf("initials(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestAvatarIsSteady: the same name has the same colour everywhere, of the six
// that the stylesheet knows, and all six occur.
func TestAvatarIsSteady(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range strings.Split("Ada,Bo,Cai,Dag,Eli,Finn,Gro,Hal,Ida,Jon,Kim,Liv,Mia,Nils,Ola,Per,Quy,Ron,Siv,Tor,Una,Vår,Wu,Xi,Yu,Zoë,", ",") {
		a := AvatarOf(name)
		if a != AvatarOf(name) || len(a.Tone) != 1 || !strings.Contains(tones, a.Tone) {
			t.Errorf("AvatarOf(%q) = %+v", name, a)
		}
		seen[a.Tone] = true
	}
	if len(seen) != 6 {
		t.Errorf("%d colours of six occur", len(seen))
	}
}

func TestYesNo(t *testing.T) {
	if YesNo(true) != "Yes" || YesNo(false) != "No" {
		t.Error("yes and no")
	}
}

// TestClockDay: a date without a time is the same day in every place.
func TestClockDay(t *testing.T) {
	const now = "2026-11-21T15:00:00Z"
	tests := []struct{ zone, moment, want, datetime string }{
		{"America/Los_Angeles", "2026-03-02T00:00:00Z", "2 Mar", "2026-03-02"},
		{"Pacific/Auckland", "2026-03-02T00:00:00Z", "2 Mar", "2026-03-02"},
		{"America/Los_Angeles", "2025-01-01T00:00:00Z", "1 Jan 2025", "2025-01-01"},
		{"America/Los_Angeles", "2026-11-21T00:00:00Z", "Today", "2026-11-21"},
		{"America/Los_Angeles", "2026-03-02T00:00:00+02:00", "2 Mar", "2026-03-02"},
		{"America/Los_Angeles", "2026-03-02T02:00:00Z", "1 Mar", "2026-03-01T18:00:00-08:00"}, // a moment
	}
	for _, tt := range tests {
		got := in(t, tt.zone, now).Day(at(t, tt.moment))
		if got.Text != tt.want || got.Datetime != tt.datetime {
			t.Errorf("%s in %s: %q (%s), want %q (%s)", tt.moment, tt.zone, got.Text, got.Datetime, tt.want, tt.datetime)
		}
	}
	if got := in(t, "UTC", now).Day(time.Time{}); got != (Time{}) {
		t.Errorf("no day: %+v", got)
	}
}
