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
	asked := Page{Number: max(options.Page, 1), Size: orDefault(options.PerPage)}
	return read(ctx, c, r, func(a answer) (TeamPage, error) { return decodeTeams(a, asked) })
}

// decodeTeams reads {"data":[…],"page":…,"rows":…,"total":…}, or a bare list.
func decodeTeams(a answer, asked Page) (TeamPage, error) {
	var body struct {
		Data  []Team `json:"data"`
		Items []Team `json:"items"`
		Page  *int64 `json:"page"`
		Total *int64 `json:"total"` // of all pages; rows is documented nowhere
	}
	var err error
	if a.startsWith('{') {
		err = a.decode(&body)
	} else {
		body.Data, err = decodeValue[[]Team](a)
	}
	if err != nil {
		return TeamPage{}, err
	}
	if body.Data == nil {
		body.Data = body.Items
	}
	page := pageOf(a.header, asked.Number, asked.Size, len(body.Data))
	if body.Total != nil && *body.Total >= int64(len(body.Data)) {
		page = countedPage(page, body.Page, *body.Total)
	}
	return TeamPage{body.Data, page}, nil
}

func countedPage(page Page, at *int64, total int64) Page {
	if at != nil && *at > 0 {
		page.Number = int(*at)
	}
	page.Known, page.Records = true, int(total)
	page.Pages = (page.Records + page.Size - 1) / page.Size
	page.HasNext = page.Number < page.Pages
	return page
}
