package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func decimals(numbers []int64) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = decimal(n)
	}
	return strings.Join(words, ", ")
}

// unique says whether no number comes twice.
func unique(numbers []int64) bool {
	sorted := slices.Sorted(slices.Values(numbers))
	return len(slices.Compact(sorted)) == len(numbers)
}

// bulkUpdateOrganizationUsers deletes users, all of them or none.
func bulkUpdateOrganizationUsers(c *call) answer {
	if _, numeric := c.pathID("organization_id"); !numeric {
		return c.invalid("Missing or invalid organization_id")
	}
	org, _ := c.admin()
	if org == nil {
		return c.deny("User is not authorized to delete the organization user")
	}
	var input struct {
		Delete []int64 `json:"delete"`
	}
	if !c.decode(&input) || len(input.Delete) == 0 {
		return c.invalid("At least one organization user ID must be supplied.")
	}
	if !unique(input.Delete) {
		return c.invalid("Organization user IDs must be unique.")
	}
	foreign := slices.DeleteFunc(slices.Clone(input.Delete), func(id int64) bool { return org.users[id] != nil })
	if len(foreign) > 0 {
		return c.invalidf("The following organization user IDs do not belong to this organization: '%s'.", decimals(foreign))
	}
	for _, id := range input.Delete {
		switch org.users[id] {
		case org.owner:
			return c.invalidf("Cannot remove the organization owner user with organization user ID='%d'.", id)
		case org.paying:
			return c.invalidf("Cannot remove the paying user with organization user ID='%d'.", id)
		}
	}
	for _, id := range input.Delete {
		u := org.users[id]
		c.record(org, "delete", "organization_user", id, 0, u.wire(), nil)
		c.world.remove(u)
	}
	return okText()
}

func leaveOrganization(c *call) answer {
	org := c.organization()
	if org == nil {
		return c.deny("User does not have access to this resource.")
	}
	u := c.caller.in(org)
	switch u {
	case nil:
		return c.invalid("The user does not belong to the organization.")
	case org.owner:
		return c.invalid("Cannot remove the organization owner.")
	case org.paying:
		return c.invalid("Cannot remove the paying user.")
	}
	c.record(org, "delete", "organization_user", u.id, 0, u.wire(), nil)
	c.world.remove(u)
	return okText()
}
