package sandbox

import (
	"slices"
	"strconv"
	"time"
)

type auditWire struct {
	Events             []eventWire              `json:"events"`
	UserSummaries      map[string]userSummary   `json:"user_summaries"`
	WorkspaceSummaries map[string]entitySummary `json:"workspace_summaries"`
	GroupSummaries     map[string]entitySummary `json:"group_summaries"`
	ProjectSummaries   struct{}                 `json:"project_summaries"`
	ClientSummaries    struct{}                 `json:"client_summaries"`
	TaskSummaries      struct{}                 `json:"task_summaries"`
}

type eventWire struct {
	ProductID      int64             `json:"product_id"`
	CreatedAt      string            `json:"created_at"`
	UserID         int64             `json:"user_id"`
	EntityType     string            `json:"entity_type"`
	EntityID       int64             `json:"entity_id"`
	OrganizationID int64             `json:"organization_id"`
	WorkspaceID    int64             `json:"workspace_id,omitempty"`
	Action         string            `json:"action"`
	OldValue       any               `json:"old_value"`
	NewValue       any               `json:"new_value"`
	MetaData       map[string]string `json:"meta_data"`
}

type entitySummary struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type userSummary struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// auditQuery is what the events are chosen by; zero values choose all.
type auditQuery struct {
	from, to                stamp
	workspace, entity, user int64
	entityType, action      string
	page, size              int
}

const (
	auditPage    = 50
	auditPageMax = 1000
)

func listAuditLog(c *call) answer {
	org, _ := c.admin()
	if org == nil {
		return c.deny("User does not have access to the audit logs")
	}
	query, refusal := readAuditQuery(c)
	if refusal != "" {
		return c.invalid(refusal)
	}
	wire := auditWire{
		Events: []eventWire{}, UserSummaries: map[string]userSummary{},
		WorkspaceSummaries: map[string]entitySummary{}, GroupSummaries: map[string]entitySummary{},
	}
	skip := (query.page - 1) * query.size
	for _, e := range slices.Backward(org.audit) {
		if !query.matches(e) {
			continue
		}
		if skip--; skip >= 0 {
			continue
		}
		if len(wire.Events) == query.size {
			break
		}
		wire.add(c.world, org, e)
	}
	return ok(wire)
}

func (q *auditQuery) matches(e event) bool {
	return e.at >= q.from && e.at <= q.to &&
		(q.workspace == 0 || e.workspace == q.workspace) && (q.entity == 0 || e.entityID == q.entity) &&
		(q.user == 0 || e.by == q.user) && (q.entityType == "" || e.entity == q.entityType) &&
		(q.action == "" || e.action == q.action)
}

func (w *auditWire) add(state *world, org *organization, e event) {
	w.Events = append(w.Events, eventWire{
		ProductID: 1, CreatedAt: e.at.String(), UserID: e.by, EntityType: e.entity, EntityID: e.entityID,
		OrganizationID: org.id, WorkspaceID: e.workspace, Action: e.action, OldValue: e.oldValue, NewValue: e.newValue,
		MetaData: map[string]string{"Source": e.entity},
	})
	if a := state.accounts[e.by]; a != nil {
		w.UserSummaries[decimal(a.id)] = userSummary{a.id, a.name, a.email}
	}
	if ws := org.workspace(e.workspace); ws != nil {
		w.WorkspaceSummaries[decimal(ws.id)] = entitySummary{ws.id, ws.name}
	}
	if g := org.group(e.entityID); g != nil && e.entity == "group" {
		w.GroupSummaries[decimal(g.id)] = entitySummary{g.id, g.name}
	}
}

func readAuditQuery(c *call) (q auditQuery, refusal string) {
	values := c.request.URL.Query()
	q.entityType, q.action = values.Get("entity_type"), values.Get("action")
	var valid bool
	if q.from, valid = moment(c.request.PathValue("from"), 0); !valid {
		return q, "Invalid date"
	}
	if q.to, valid = moment(c.request.PathValue("to"), day-time.Microsecond); !valid {
		return q, "Invalid date"
	}
	numbers := map[string]*int64{"workspace_id": &q.workspace, "entity_id": &q.entity, "user_id": &q.user}
	for name, into := range numbers {
		text := values.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return q, "Invalid value sent for '" + name + "'."
		}
		*into = n
	}
	if q.page, refusal = positive(values.Get("page_number"), "page_number", 1); refusal != "" {
		return q, refusal
	}
	q.size, refusal = positive(values.Get("page_size"), "page_size", auditPage)
	q.size = min(q.size, auditPageMax)
	return q, refusal
}

// moment reads an RFC 3339 time, or a date to which offset is added.
func moment(text string, offset time.Duration) (stamp, bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return stampOf(at), true
	}
	at, err := time.Parse(time.DateOnly, text)
	return stampOf(at.Add(offset)), err == nil
}
