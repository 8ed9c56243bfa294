package auth

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// SeparatorJSON as a separator of groups says that they are a JSON array of texts.
const SeparatorJSON = "json"

// A name that holds the separator can't be told from two names in a joined list, so
// the separator has to be one that no name holds. Two things are done about names that
// hold it all the same: a list with an empty item, as ",admins" makes one, is refused,
// and so is to look for such a name.
func (o ProxyHeaderOptions) validateGroups() []error {
	asked := slices.Concat(o.Policy.EditorGroups, o.Policy.ViewerGroups)
	switch {
	case o.GroupsHeader == "" && len(asked) > 0:
		return []error{badOption("GroupsHeader", "is needed, because roles are given by group")}
	case o.GroupsHeader == "" || o.GroupsSeparator == SeparatorJSON:
		return nil
	case o.GroupsSeparator == "" || strings.ContainsFunc(o.GroupsSeparator, func(c rune) bool { return c < ' ' || c > '~' }):
		return []error{badOption("GroupsSeparator", `must be printable ASCII that no group's name holds, or "json"`)}
	}
	var faults []error
	for _, group := range asked {
		if strings.Contains(group, strings.TrimSpace(o.GroupsSeparator)) {
			faults = append(faults, badOption("GroupsSeparator", fmt.Sprintf("is in the name of the group %q, which would be taken for two", group)))
		}
	}
	return faults
}

// groups returns the groups, and whether the proxy said any word on them. Without a
// header for them there is nothing that it could have left out.
func (p *ProxyHeader) groups(h http.Header) (groups []string, known bool, err error) {
	name := p.options.GroupsHeader
	list, err := oneHeader(h, name, maxList)
	if err != nil {
		return nil, false, err
	}
	if name != "" && len(h.Values(name)) == 0 {
		return nil, false, nil
	}
	groups, err = splitGroups(list, p.options.GroupsSeparator)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %s %w", ErrBadIdentity, name, err)
	}
	return groups, true, nil
}

func splitGroups(list, separator string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	var groups []string
	if separator == SeparatorJSON {
		if err := json.Unmarshal([]byte(list), &groups); err != nil {
			return nil, errors.New("is no JSON array of texts")
		}
	} else {
		groups = strings.Split(list, separator)
		for i := range groups {
			groups[i] = strings.Trim(groups[i], " \t")
		}
	}
	return groups, checkGroups(groups)
}

func checkGroups(groups []string) error {
	if len(groups) > maxGroups {
		return fmt.Errorf("names more than %d groups", maxGroups)
	}
	for _, group := range groups {
		if group == "" {
			return errors.New("names a group without a name")
		}
		if err := checkText(group, maxGroup); err != nil {
			return fmt.Errorf("names a group that %w", err)
		}
	}
	return nil
}
