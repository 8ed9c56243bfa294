package apiclient

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Team is a Focus group as ListTeams shows it.
type Team struct {
	ID             int64                 `json:"id"`
	OrganizationID int64                 `json:"organization_id"`
	Name           string                `json:"name"`
	Emoji          string                `json:"emoji"`
	Users          []FocusGroupUser      `json:"users"`
	Workspaces     []FocusGroupWorkspace `json:"workspaces"`
	Ghosts         []Ghost               `json:"ghosts"`
	CreatedAt      time.Time             `json:"created_at"`
	UpdatedAt      time.Time             `json:"updated_at"`
	DeletedAt      time.Time             `json:"deleted_at"` // zero: not deleted
}

// Ghost is a placeholder member that only Focus knows.
type Ghost struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// ListTeamsOptions are the query parameters of ListTeams. Zero ones are not
// sent, but WorkspaceID always is.
type ListTeamsOptions struct {
	WorkspaceID        int64 // required: where Focus looks whether the caller may
	Page               int   // from 1
	PerPage            int   // at most 100
	SortDir            string
	Filter             string // part of a name
	OrganizationUserID int64  // groups of this organization user
	GroupIDs           []int64
}

func (o ListTeamsOptions) query() url.Values {
	return query{}.text("workspace_id", strconv.FormatInt(o.WorkspaceID, 10)).
		number("page", int64(o.Page)).number("per_page", int64(o.PerPage)).
		text("sort_dir", o.SortDir).text("filter", o.Filter).
		number("organization_user_id", o.OrganizationUserID).numbers("group_ids", o.GroupIDs).values()
}

// TeamPage is one page of teams.
type TeamPage struct {
	Teams []Team
	Page  Page
}

// ListTeams reads one page of Focus groups with their members.
//
//api:operation focus ListTeams
func (c *Client) ListTeams(ctx context.Context, organizationID int64, options ListTeamsOptions) (TeamPage, error) {
	r := focus("ListTeams", http.MethodGet, organizationID, "organizations", organizationID, "teams").asking(options.query())
	return read(ctx, c, r, func(a answer) (TeamPage, error) {
		teams, err := decodeList[Team](a)
		if err != nil {
			return TeamPage{}, err
		}
		asked := pageOf(nil, max(options.Page, 1), orDefault(options.PerPage), len(teams))
		return TeamPage{teams, pageInBody(a, asked)}, nil
	})
}
