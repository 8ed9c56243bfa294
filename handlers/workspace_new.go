package handlers

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

const (
	fieldCurrency = "default_currency"
	fieldAdmins   = "admins"

	// maxNewAdmins is how many admins a form may name: each may need a call.
	maxNewAdmins = 10
)

// newWorkspacePlaces are the documented messages of POST workspaces; those
// about limits of the organization or the person stand above the form.
var newWorkspacePlaces = []refusalPlace{
	{regexp.MustCompile(`(?i)^workspace name|^another workspace with same name`), fieldName},
}

var (
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	// addressBreak is what stands between pasted addresses.
	addressBreak = regexp.MustCompile(`[\s,;]+`)
)

// workspaceForm is what was typed to make a workspace. Admins are named by
// their e-mail addresses: the API takes user IDs, which nobody knows by heart.
type workspaceForm struct {
	name, currency string
	admins         string
}

func readWorkspaceForm(form url.Values) workspaceForm {
	return workspaceForm{name: form.Get(fieldName), currency: strings.TrimSpace(form.Get(fieldCurrency)), admins: form.Get(fieldAdmins)}
}

func (f workspaceForm) addresses() []string {
	var list []string
	for _, address := range addressBreak.Split(f.admins, -1) {
		known := func(other string) bool { return strings.EqualFold(other, address) }
		if address != "" && !slices.ContainsFunc(list, known) {
			list = append(list, address)
		}
	}
	return list
}

func (f workspaceForm) validate() map[string]string {
	faults := map[string]string{}
	if f.currency != "" && !currencyForm.MatchString(strings.ToUpper(f.currency)) {
		faults[fieldCurrency] = "Enter the three letters of a currency, such as EUR."
	}
	if len(f.addresses()) > maxNewAdmins {
		faults[fieldAdmins] = "Name at most " + strconv.Itoa(maxNewAdmins) + " admins here. More can be made on the workspace’s page."
	}
	return faults
}

// showNewWorkspace is the form that makes a workspace.
func (h *Handlers) showNewWorkspace(c echo.Context, api *apiclient.Client) error {
	return h.renderNewWorkspace(c, api, workspaceForm{}, refusal{})
}

func (h *Handlers) renderNewWorkspace(c echo.Context, api *apiclient.Client, typed workspaceForm, r refusal) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	v := views.WorkspaceNew{
		Action: views.WorkspacesURL(id), BackURL: views.WorkspacesURL(id),
		NameField: r.field(fieldName, "Name", typed.name, "1 to 140 characters."),
		Currency:  r.field(fieldCurrency, "Currency", typed.currency, "Three letters. Left empty, Toggl chooses."),
		Admins:    r.field(fieldAdmins, "Admins besides you", typed.admins, "E-mail addresses of users of this organization, one a line."),
	}
	v.Currencies = usedCurrencies(c.Request().Context(), api)
	v.Summary = r.summary(v.NameField, v.Currency, v.Admins)
	page := h.withFlash(c, h.newPage(c, nil, "New workspace"))
	page.Failed = len(v.Summary) > 0
	return render(c, r.answer(), views.WorkspaceNewPage(page, v))
}

// usedCurrencies are those of the person's other workspaces, as far as known.
func usedCurrencies(ctx context.Context, api *apiclient.Client) []string {
	known, _ := api.Known().ListMyWorkspaces(ctx) // none where unknown
	var list []string
	for _, w := range known {
		if w.DefaultCurrency != "" {
			list = append(list, w.DefaultCurrency)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// createWorkspace finds the admins before it makes the workspace, so that it
// isn't made without them.
func (h *Handlers) createWorkspace(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	typed := readWorkspaceForm(form)
	if faults := typed.validate(); len(faults) > 0 {
		return h.renderNewWorkspace(c, api, typed, faultsOf(faults))
	}
	created, err := sendWorkspace(c.Request().Context(), api, id, typed)
	var missing unknownAdmins
	if errors.As(err, &missing) {
		return h.renderNewWorkspace(c, api, typed, faultsOf(map[string]string{fieldAdmins: missing.words()}))
	}
	if err != nil {
		r, err := h.refusalOf(c, err, newWorkspacePlaces)
		if err != nil {
			return err
		}
		return h.renderNewWorkspace(c, api, typed, r)
	}
	return h.done(c, s, auth.Flash{Kind: "ok", Text: "Created the workspace " + created.Name + "."}, views.WorkspaceURL(id, created.ID, nil))
}

func sendWorkspace(ctx context.Context, api *apiclient.Client, id int64, typed workspaceForm) (apiclient.Workspace, error) {
	input := apiclient.CreateWorkspaceInput{Name: typed.name, DefaultCurrency: strings.ToUpper(typed.currency)}
	var missing unknownAdmins
	for _, address := range typed.addresses() {
		u, err := findUserByEmail(ctx, api, id, address)
		switch {
		case errors.Is(err, apiclient.ErrNotFound):
			missing = append(missing, address)
		case err != nil:
			return apiclient.Workspace{}, err
		default:
			input.Admins = append(input.Admins, u.UserID)
		}
	}
	if len(missing) > 0 {
		return apiclient.Workspace{}, missing
	}
	return api.CreateWorkspace(ctx, id, input)
}

// unknownAdmins are addresses that nobody in the organization has.
type unknownAdmins []string

func (u unknownAdmins) Error() string { return "unknown admins" }

func (u unknownAdmins) words() string {
	return "Nobody in this organization has the address " + joinNames(u, 3) + "."
}
