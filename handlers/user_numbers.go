package handlers

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// numberFields are those of a workspace that hold a number or nothing.
var numberFields = []string{memberRate, memberCost, memberHours}

// numberForm is a number as people write one: no sign, no exponent, a decimal
// point or comma.
var numberForm = regexp.MustCompile(`^[0-9]{1,15}(?:[.,][0-9]{1,9})?$`)

// thousands is 1,234: a thousand to some and a little more than one to others.
// Where money is concerned that is not for Roster to guess.
var thousands = regexp.MustCompile(`^[0-9]{1,3},[0-9]{3}$`)

var errNumber = errors.New("not a number")

// parseNumber reads a number that may have a decimal comma; nil for nothing.
func parseNumber(text string) (*float64, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no number is a value: it clears the field
	}
	if !numberForm.MatchString(text) || thousands.MatchString(text) {
		return nil, errNumber
	}
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil {
		return nil, errNumber
	}
	return &n, nil
}

// canonical writes a number as Toggl's is written, so that 85.50 is no change
// of 85.5. What is no number stays as it was typed.
func canonical(member, value string) string {
	if !slices.Contains(numberFields, member) {
		return value
	}
	n, err := parseNumber(value)
	if err != nil || n == nil {
		return value
	}
	return formNumber(n)
}

// validate finds what can be known without asking Toggl, among the fields that
// were changed: what Toggl itself holds is not for the person to mend.
func (f userFields) validate(changes []string) map[string]string {
	faults := map[string]string{}
	for _, name := range changes {
		_, member, inWorkspace := parseWorkspaceField(name)
		if name == fieldRole || inWorkspace && member == memberRole {
			if idOf(f[name]) == nil {
				faults[name] = "Choose a role."
			}
			continue
		}
		if !slices.Contains(numberFields, member) {
			continue
		}
		if _, err := parseNumber(f[name]); err != nil {
			faults[name] = numberFault(member, f[name])
		}
	}
	return faults
}

func numberFault(member, value string) string {
	switch {
	case thousands.MatchString(value):
		whole := strings.Replace(value, ",", "", 1)
		return "Enter " + whole + " or " + strings.Replace(value, ",", ".", 1) + ": " + value + " can mean either."
	case member == memberHours:
		return "Enter a number of hours, such as 7.5."
	default:
		return "Enter a number, such as 85.50."
	}
}
