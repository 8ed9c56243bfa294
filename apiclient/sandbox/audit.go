package sandbox

// auditKept bounds the audit log of an organization.
const auditKept = 5000

// An event is one line of an organization's audit log.
type event struct {
	at                  stamp
	by                  int64 // global user id
	action, entity      string
	entityID, workspace int64
	oldValue, newValue  any
}

// record adds a line about a change that the call made.
func (c *call) record(o *organization, action, entity string, entityID int64, workspaceID int64, oldValue, newValue any) {
	o.record(event{c.now, c.caller.id, action, entity, entityID, workspaceID, oldValue, newValue})
}

func (o *organization) record(e event) {
	if len(o.audit) >= auditKept {
		o.audit = append(o.audit[:0], o.audit[1:]...)
	}
	o.audit = append(o.audit, e)
}
