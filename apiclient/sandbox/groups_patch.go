package sandbox

const (
	patchLimit      = 100 // patches in a request
	patchValueLimit = 100 // ids in a patch
)

type groupPatch struct {
	Op    string  `json:"op"`
	Path  string  `json:"path"`
	Value []int64 `json:"value"`
}

type patchFailure struct {
	Patch   groupPatch `json:"patch"`
	Message string     `json:"message"`
}

type patchResult struct {
	Success []groupPatch   `json:"success"`
	Failure []patchFailure `json:"failure"`
}

// patchTrackGroup applies the patches one by one. A request of which nothing
// could be applied is refused with the words of its first patch.
func patchTrackGroup(c *call) answer {
	org, _ := c.admin()
	if org == nil {
		return c.deny("User does not have permission to manage user groups.")
	}
	g := c.pathGroup(org)
	if g == nil {
		if c.groupElsewhere() {
			return c.invalid("Unknown group at organization")
		}
		return c.notFound("Invalid group ID.")
	}
	var patches []groupPatch
	if !c.decode(&patches) {
		return c.invalid("Invalid JSON input")
	}
	if len(patches) > patchLimit {
		return c.invalid("Too many operations")
	}
	result := patchResult{Success: []groupPatch{}, Failure: []patchFailure{}}
	for _, p := range patches {
		if message := p.apply(c, g); message != "" {
			result.Failure = append(result.Failure, patchFailure{p, message})
			continue
		}
		result.Success = append(result.Success, p)
	}
	if len(result.Success) == 0 && len(result.Failure) > 0 {
		return c.invalid(result.Failure[0].Message)
	}
	if len(result.Success) > 0 {
		g.updatedAt = c.now
		c.record(org, "update", "group", g.id, 0, nil, result.Success)
	}
	return ok(result)
}

// groupElsewhere says whether the group of the path is another organization's.
func (c *call) groupElsewhere() bool {
	for _, o := range c.world.organizations {
		if c.pathGroup(o) != nil {
			return true
		}
	}
	return false
}

func (p groupPatch) apply(c *call, g *group) string {
	if p.Op != "add" && p.Op != "remove" || p.Path != "/users" && p.Path != "/workspaces" {
		return "Unsupported operation"
	}
	if len(p.Value) == 0 || len(p.Value) > patchValueLimit {
		return "Value not present, or too many per patch operation"
	}
	if p.Path == "/users" {
		return p.applyUsers(c, g)
	}
	return p.applyWorkspaces(c, g)
}

func (p groupPatch) applyUsers(c *call, g *group) string {
	users := make([]*orgUser, len(p.Value))
	for i, id := range p.Value {
		if users[i] = g.org.byAccount(c.world, id); users[i] == nil {
			return g.org.noUser(id)
		}
	}
	for _, u := range users {
		if p.Op == "add" {
			c.world.enter(g, u, c.now)
		} else {
			c.world.exit(g, u, c.now)
		}
	}
	return ""
}

func (p groupPatch) applyWorkspaces(c *call, g *group) string {
	for _, id := range p.Value {
		if g.org.workspace(id) == nil {
			return g.org.noWorkspace(id)
		}
	}
	for _, ws := range g.org.workspacesOf(p.Value) {
		c.world.open(g, ws, p.Op == "add", c.now)
	}
	return ""
}
