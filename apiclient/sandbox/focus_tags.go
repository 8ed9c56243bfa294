package sandbox

// A memberTag is a label that Focus puts on users.
type memberTag struct {
	id           int64
	label, color string
}

// memberTags are at most eight: a user's are kept as bits.
var memberTags = []memberTag{
	{9101, "Contractor", "#C56BFF"},
	{9102, "Part-time", "#06AAF5"},
	{9103, "New joiner", "#2DA608"},
	{9104, "On leave", "#E36A00"},
	{9105, "Mentor", "#525266"},
}
