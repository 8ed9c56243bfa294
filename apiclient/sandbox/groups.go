package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

type groupWire struct {
	GroupID     int64           `json:"group_id"`
	Name        string          `json:"name"`
	At          string          `json:"at"`
	Users       []groupUserWire `json:"users"`
	Workspaces  []int64         `json:"workspaces"`
	Permissions any             `json:"permissions"`
}

type groupUserWire struct {
	UserID    int64  `json:"user_id"`
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`
	Joined    bool   `json:"joined"`
	Inactive  bool   `json:"inactive,omitempty"`
}

func (g *group) wire() groupWire {
	wire := groupWire{
		GroupID: g.id, Name: g.name, At: g.updatedAt.String(),
		Users: make([]groupUserWire, len(g.users)), Workspaces: make([]int64, len(g.workspaces)),
	}
	for i, u := range g.users {
		wire.Users[i] = groupUserWire{
			UserID: u.account.id, Name: u.account.name, AvatarURL: u.account.avatar, Joined: u.joined, Inactive: u.inactive,
		}
	}
	for i, ws := range g.workspaces {
		wire.Workspaces[i] = ws.id
	}
	return wire
}

func listGroups(c *call) answer {
	u := c.member()
	if u == nil {
		return c.deny("User does not have access to this resource")
	}
	query := c.request.URL.Query()
	name := strings.ToLower(query.Get("name"))
	var workspaces []int64
	for _, part := range csv(query["workspace"]) {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return c.invalid("Invalid number " + part)
		}
		workspaces = append(workspaces, id)
	}
	var rows []groupWire
	for _, g := range u.org.groups {
		opens := func(ws *workspace) bool { return slices.Contains(workspaces, ws.id) }
		if strings.Contains(strings.ToLower(g.name), name) && (len(workspaces) == 0 || slices.ContainsFunc(g.workspaces, opens)) {
			rows = append(rows, g.wire())
		}
	}
	return listOf(c, rows)
}
