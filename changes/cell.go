package changes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Membership is how a row, a user or a group, has a workspace.
type Membership string

// The kinds of membership. A group has a workspace directly or not at all.
const (
	Unread         Membership = "unread" // nothing is known about the cell
	NotMember      Membership = "none"
	Direct         Membership = "direct"
	ThroughGroup   Membership = "group" // only through groups
	DirectAndGroup Membership = "both"
	MaybeDirect    Membership = "maybe" // through groups; the users list doesn't say whether also directly
)

// Lock is why a cell's direct membership can't be taken away.
type Lock string

// The locks. Who pays is in no list: it is known once upstream has refused for it.
const (
	Unlocked  Lock = ""
	LockOwner Lock = "owner" // owns the organization, and so its workspaces
	LockAdmin Lock = "admin" // is an admin of the organization
)

// Cell is the state of one row in one workspace.
type Cell struct {
	Membership Membership
	Groups     []int64 // that give access, ascending
	Lock       Lock    // only where there may be a direct membership to take away
}

// HasAccess reports whether the row has the workspace in whatever way.
func (c Cell) HasAccess() bool { return c.Membership != NotMember && c.Membership != Unread }

// IsDirect reports whether there is a direct membership, and whether that is
// known.
func (c Cell) IsDirect() (direct, known bool) {
	switch c.Membership {
	case Direct, DirectAndGroup:
		return true, true
	case NotMember, ThroughGroup:
		return false, true
	}
	return false, false
}

// Is reports whether the cell is surely as an operation leaves it.
func (c Cell) Is(op string) bool {
	direct, known := c.IsDirect()
	return known && direct == adds(op)
}

// String is the cell as Step.Was keeps it, to be compared later: the
// membership, and after a colon the groups. The lock is not a part of it.
func (c Cell) String() string {
	if len(c.Groups) == 0 {
		return string(c.Membership)
	}
	text := append(make([]byte, 0, 32), c.Membership...)
	for i, id := range c.Groups {
		separator := byte(',')
		if i == 0 {
			separator = ':'
		}
		text = strconv.AppendInt(append(text, separator), id, 10)
	}
	return string(text)
}

// ParseCell reads what String wrote.
func ParseCell(text string) (Cell, error) {
	word, list, listed := strings.Cut(text, ":")
	c := Cell{Membership: Membership(word)}
	switch c.Membership {
	case Unread, NotMember, Direct, ThroughGroup, DirectAndGroup, MaybeDirect:
	default:
		return Cell{}, fmt.Errorf("changes: no cell: %q", text)
	}
	if !listed {
		return c, nil
	}
	for part := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return Cell{}, fmt.Errorf("changes: group of a cell: %w", err)
		}
		c.Groups = append(c.Groups, id)
	}
	return c, nil
}

// unchangedSince reports whether the cell is as it was, but for groups that the
// set itself has given or taken away.
func (c Cell) unchangedSince(was string, own map[int64]bool) bool {
	if c.String() == was {
		return true
	}
	before, err := ParseCell(was)
	if err != nil {
		return false
	}
	mine := func(id int64) bool { return own[id] }
	groups := slices.DeleteFunc(slices.Clone(c.Groups), mine)
	if !slices.Equal(groups, slices.DeleteFunc(before.Groups, mine)) {
		return false
	}
	direct, known := c.IsDirect()
	wasDirect, wasKnown := before.IsDirect()
	return !known || !wasKnown || direct == wasDirect
}
