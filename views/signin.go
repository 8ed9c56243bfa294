package views

// SignIn is the sign-in form as it was typed, without the secrets.
type SignIn struct {
	ReturnTo, Email string
	// Draft is a form that came after the session had ended, encoded; it is
	// offered again after signing in.
	Draft string
	// Method is "token" or "password": which of the two was used last.
	Method string
	// Errors by field name; "" is about the whole form.
	Errors map[string]FieldError
	// Demo are the sandbox's people who sign in with a button.
	Demo []DemoPerson
}

// SignInProvider is the sign-in page where an identity provider signs people in.
type SignInProvider struct {
	ReturnTo string
	// HasDraft: a form that came after the session had ended is offered again.
	HasDraft bool
}

// DemoPerson is someone of the sandbox.
type DemoPerson struct {
	Key, Name, Role string
	Avatar          Avatar
}

// Draft is a form that was sent after the session had ended, to be sent again.
type Draft struct {
	Name, Action string
	Fields       []Parameter
	// Leave is where it is forgotten; empty where only this page has it.
	Leave string
}
