package handlers

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

const (
	// fewAddresses of a file are looked up one by one; for more, all users are read.
	fewAddresses = 5
	// lineErrorsShown bounds the list of what is wrong; the lines themselves all
	// come back.
	lineErrorsShown = 100
	maxUpload       = 1 << 20 // bytes; the body limit holds, too
)

// importChanges stages what a CSV says. Lines that stage nothing come back with
// the reason for each; the others are staged.
func (h *Handlers) importChanges(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	text, err := readUpload(c)
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return h.refuseImport(c, api, s, id, views.Import{Heading: "Nothing was staged. Choose a file, or type lines."})
	}
	access, err := h.readForImport(c, api, id, text)
	if err != nil {
		return h.refuseImportRead(c, api, s, id, text, err)
	}
	set, staged, err := openStaged(c.Request().Context(), h.store, id, s.Subject)
	if err != nil {
		return errors.Join(errStore, err)
	}
	result, err := changes.ParseCSV(strings.NewReader(text), access, staged)
	if err != nil {
		return h.refuseImport(c, api, s, id, views.Import{Heading: "Nothing was staged. " + fileWords(err), Text: text})
	}
	if len(staged)+len(result.Steps) > changes.MaxSteps {
		return h.refuseImport(c, api, s, id, views.Import{Heading: "Nothing was staged. " + fileWords(changes.ErrTooMany), Text: text})
	}
	if err := h.stageImport(c.Request().Context(), set, result); err != nil {
		return err
	}
	if len(result.Errors) > 0 {
		return h.refuseImport(c, api, s, id, importErrors(text, result))
	}
	return h.done(c, s, auth.Flash{Kind: "ok", Text: stagedWords(result) + " Nothing is sent until you apply it."}, views.ReviewURL(id, nil))
}

// readUpload is the file, or else the text area, of a form in either encoding.
func readUpload(c echo.Context) (string, error) {
	r := c.Request()
	err := r.ParseMultipartForm(maxUpload)
	if errors.Is(err, http.ErrNotMultipart) {
		return r.PostForm.Get("csv"), nil // parsed before
	}
	var limited *echo.HTTPError // the body limit's word
	switch {
	case errors.As(err, &limited):
		return "", limited
	case err != nil:
		return "", echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // nothing that small is on the disk
	file, header, err := r.FormFile("file")
	if err != nil || header.Size == 0 {
		return r.PostFormValue("csv"), nil
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxUpload))
	return string(text), err
}

// readForImport is who has what, for the users, groups and workspaces that the
// file may name.
func (h *Handlers) readForImport(c echo.Context, api *apiclient.Client, organizationID int64, text string) (*changes.Access, error) {
	ctx := c.Request().Context()
	workspaces, err := knownFirst(api, func(api *apiclient.Client) ([]apiclient.Workspace, error) { return api.ListMyWorkspaces(ctx) })
	if err != nil {
		return nil, err
	}
	groups, err := api.ListGroups(ctx, organizationID, apiclient.ListGroupsOptions{})
	if err != nil {
		return nil, err
	}
	users, err := h.usersToImport(ctx, api, organizationID, addressesIn(text))
	if err != nil {
		return nil, err
	}
	access := changes.NewAccess()
	access.AddWorkspaces(slices.DeleteFunc(slices.Clone(workspaces), func(w apiclient.Workspace) bool { return w.OrganizationID != organizationID }))
	access.AddGroups(groups)
	access.AddUsers(users)
	return access, nil
}

func (h *Handlers) usersToImport(ctx context.Context, api *apiclient.Client, organizationID int64, addresses []string) ([]apiclient.OrganizationUser, error) {
	var users []apiclient.OrganizationUser
	if len(addresses) <= fewAddresses {
		for _, address := range addresses {
			u, err := findUserByEmail(ctx, api, organizationID, address)
			if errors.Is(err, apiclient.ErrNotFound) {
				continue // its line says so
			}
			if err != nil {
				return nil, err
			}
			users = append(users, u)
		}
		return users, nil
	}
	size := overviewUsers
	if h.fewerUsers.Load() {
		size = fewerUsers
	}
	options := apiclient.ListOrganizationUsersOptions{PerPage: strconv.Itoa(size)}
	for u, err := range api.AllOrganizationUsers(ctx, organizationID, options, changes.MaxSteps) {
		if err != nil && errors.Is(err, apiclient.ErrRefused) && !h.fewerUsers.Swap(true) {
			return h.usersToImport(ctx, api, organizationID, addresses)
		}
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

// addressesIn are the e-mail addresses at the beginnings of lines, each once.
func addressesIn(text string) []string {
	var addresses []string
	for line := range strings.Lines(text) {
		field := strings.Trim(firstField(line), "\ufeff\"' \t\r\n")
		if strings.Contains(field, "@") {
			addresses = append(addresses, strings.ToLower(field))
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

func firstField(line string) string {
	if i := strings.IndexAny(line, ",;\t"); i >= 0 {
		return line[:i]
	}
	return line
}

func (h *Handlers) stageImport(ctx context.Context, set store.ChangeSet, result changes.Import) error {
	if err := h.store.StageSteps(ctx, set.ID, result.Steps); err != nil {
		return errors.Join(errStore, err)
	}
	for _, s := range result.Drop {
		if err := h.store.UnstageStep(ctx, set.ID, s.RowKind, s.RowID, s.WorkspaceID); err != nil {
			return errors.Join(errStore, err)
		}
	}
	return nil
}

func stagedWords(result changes.Import) string {
	text := "Staged " + views.Plural(len(result.Steps), "change", "changes") + "."
	if len(result.Drop) > 0 {
		text += " Took back " + views.Plural(len(result.Drop), "change that was", "changes that were") + " staged before."
	}
	return text
}

// importErrors is the form with the lines that staged nothing.
func importErrors(text string, result changes.Import) views.Import {
	v := views.Import{
		Heading: views.Plural(len(result.Errors), "line was", "lines were") + " not staged. Fix what is left below, and upload it again.",
		Staged:  stagedWords(result), Text: linesOf(text, result.Errors),
	}
	for _, e := range result.Errors[:min(len(result.Errors), lineErrorsShown)] {
		v.Errors = append(v.Errors, views.ImportError{Line: strconv.Itoa(e.Line), About: e.Text, Text: lineWords(e.Why)})
	}
	if more := len(result.Errors) - lineErrorsShown; more > 0 {
		v.More = "And " + views.Plural(more, "more line", "more lines") + "."
	}
	return v
}

// linesOf are the lines that errors are about, as they were.
func linesOf(text string, errs []changes.LineError) string {
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	var out strings.Builder
	for _, e := range errs {
		if e.Line >= 1 && e.Line <= len(lines) {
			out.WriteString(strings.TrimRight(lines[e.Line-1], "\r") + "\n")
		}
	}
	return out.String()
}

// refuseImport shows the review again, with the form open and what is wrong.
func (h *Handlers) refuseImport(c echo.Context, api *apiclient.Client, s *auth.Session, id int64, v views.Import) error {
	r, err := h.readReview(c, api, s, id)
	if err != nil {
		return err
	}
	v.Open = true
	r.status, r.imported = http.StatusUnprocessableEntity, v
	return h.renderReview(c, api, s, r)
}

// refuseImportRead keeps the lines where Toggl could not be asked whom they name.
func (h *Handlers) refuseImportRead(c echo.Context, api *apiclient.Client, s *auth.Session, id int64, text string, cause error) error {
	p := h.problemOf(c, cause)
	if p.Ours {
		return cause
	}
	r, err := h.readReview(c, api, s, id)
	if err != nil {
		return err
	}
	r.status = p.Status
	r.imported = views.Import{Open: true, Text: text, Heading: "Nothing was staged. " + p.Title + ".", Staged: p.Words}
	return h.renderReview(c, api, s, r)
}

// fileWords say why no line of a file could be used.
func fileWords(err error) string {
	var broken *csv.ParseError
	switch {
	case errors.Is(err, changes.ErrTooMany):
		return "At most " + views.Count(changes.MaxSteps) + " changes can be staged."
	case errors.Is(err, changes.ErrTooLarge):
		return "The file is too large."
	case errors.As(err, &broken):
		return "Line " + strconv.Itoa(broken.Line) + " is no CSV: a quote may be missing."
	}
	return "This is no CSV."
}

// lineWords say why a line stages nothing.
func lineWords(why error) string {
	for _, known := range []struct {
		err   error
		words string
	}{
		{changes.ErrColumns, "A line needs a user or group, a workspace, and add or remove."},
		{changes.ErrNoUser, "Nobody in the organization has this e-mail address."},
		{changes.ErrNoGroup, "No group has this name, and it is no e-mail address."},
		{changes.ErrAmbiguousGroup, "Several groups have this name."},
		{changes.ErrNoWorkspace, "No workspace has this name or ID."},
		{changes.ErrAmbiguousWorkspace, "Several workspaces have this name. Use the ID."},
		{changes.ErrDuplicate, "Another line is about the same user or group and workspace."},
		{changes.ErrBadOp, "Write add or remove."},
		{changes.ErrAlready, "Already so, or staged already."},
		{changes.ErrLocked, "Can't be removed from a workspace: owns the organization, or is an admin of it."},
		{changes.ErrOnlyGroup, "In this workspace only through a group, so there is nothing direct to remove."},
		{changes.ErrNoRow, "No such user or group."},
	} {
		if errors.Is(why, known.err) {
			return known.words
		}
	}
	return "How it is now could not be read."
}
