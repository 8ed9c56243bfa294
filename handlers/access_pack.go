package handlers

import (
	"time"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

// packedReview is an access review as it is stored: everybody once, and rows that
// name them by their place.
type packedReview struct {
	Users      []changes.User             `json:"users"`
	Workspaces []packedWorkspace          `json:"workspaces"`
	Homeless   []packedRow                `json:"homeless"`
	Groups     map[int64]string           `json:"groups"`
	People     int                        `json:"people"`
	ReadAt     time.Time                  `json:"read_at"`
	Lists      map[int64]time.Time        `json:"lists"`
	Refused    map[int64]*apiclient.Error `json:"refused"`
	Missing    int                        `json:"missing"`
	Moved      bool                       `json:"moved"`
}

type packedWorkspace struct {
	ID       int64       `json:"id"`
	Name     string      `json:"name"`
	Complete bool        `json:"complete"`
	Rows     []packedRow `json:"rows"`
}

// packedRow has short names: there may be a million of them.
type packedRow struct {
	User       int                `json:"u"`
	Membership changes.Membership `json:"m"`
	Groups     []int64            `json:"g,omitempty"`
	RoleID     int64              `json:"i,omitempty"`
	Role       string             `json:"r,omitempty"`
	Admin      bool               `json:"a,omitempty"`
	Marks      changes.Mark       `json:"x,omitempty"`
}

// pack returns store.ErrTooLarge for a review that only fits into memory.
func (r *accessReview) pack() ([]byte, error) {
	p := packedReview{
		Groups: r.groups, People: r.users, ReadAt: r.readAt, Lists: r.lists, Refused: r.refused, Missing: r.missing, Moved: r.moved,
	}
	places := map[int64]int{}
	rows := func(list []changes.ReviewRow) []packedRow {
		packed := make([]packedRow, len(list))
		for i := range list {
			row := &list[i]
			place, known := places[row.User.UserID]
			if !known {
				place = len(p.Users)
				places[row.User.UserID] = place
				p.Users = append(p.Users, *row.User)
			}
			packed[i] = packedRow{place, row.Membership, row.Groups, row.RoleID, row.Role, row.Admin, row.Marks}
		}
		return packed
	}
	for _, w := range r.workspaces {
		p.Workspaces = append(p.Workspaces, packedWorkspace{w.WorkspaceID, w.Name, w.Complete, rows(w.Rows)})
	}
	p.Homeless = rows(r.homeless)
	return store.PackRecord(p)
}

func unpackReview(data []byte) (*accessReview, error) {
	var p packedReview
	if err := store.UnpackRecord(data, &p); err != nil {
		return nil, err
	}
	r := &accessReview{
		groups: p.Groups, users: p.People, readAt: p.ReadAt, lists: p.Lists, refused: p.Refused, missing: p.Missing, moved: p.Moved,
	}
	rows := func(packed []packedRow) []changes.ReviewRow {
		list := make([]changes.ReviewRow, 0, len(packed))
		for _, row := range packed {
			if row.User < 0 || row.User >= len(p.Users) {
				continue
			}
			list = append(list, changes.ReviewRow{
				User: &p.Users[row.User], Membership: row.Membership, Groups: row.Groups, RoleID: row.RoleID, Role: row.Role, Admin: row.Admin, Marks: row.Marks,
			})
		}
		r.rows += len(list)
		return list
	}
	for _, w := range p.Workspaces {
		r.workspaces = append(r.workspaces, changes.WorkspaceReview{WorkspaceID: w.ID, Name: w.Name, Complete: w.Complete, Rows: rows(w.Rows)})
	}
	r.homeless = rows(p.Homeless)
	return r, nil
}
