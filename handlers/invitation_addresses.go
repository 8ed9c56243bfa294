package handlers

import (
	"fmt"
	"net/mail"
	"strings"
)

// maxAddresses is how many people can be invited at once.
const maxAddresses = 500

// readAddresses finds the e-mail addresses in pasted text: one a line, or with
// commas, semicolons or blanks between them, bare or as "Name <mail>". Each
// address is there once. faults say of each line what can't be read.
func readAddresses(text string) (addresses, faults []string) {
	seen := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		for _, part := range addressParts(line) {
			address, err := mail.ParseAddress(part)
			if err != nil {
				faults = append(faults, fmt.Sprintf("Line %d: “%s” is not an e-mail address.", i+1, shorten(part)))
				continue
			}
			if key := strings.ToLower(address.Address); !seen[key] {
				seen[key] = true
				addresses = append(addresses, address.Address)
			}
		}
	}
	return addresses, faults
}

// addressParts cuts a line into what should be one address each. A list that
// is well formed may hold commas within quoted names.
func addressParts(line string) []string {
	var parts []string
	for _, list := range split(line, ';') {
		if addresses, err := mail.ParseAddressList(strings.Trim(list, " \t\r,")); err == nil {
			for _, address := range addresses {
				parts = append(parts, address.String())
			}
			continue
		}
		for _, part := range split(list, ',') {
			if part = strings.TrimSpace(part); part != "" {
				parts = append(parts, blanks(part)...)
			}
		}
	}
	return parts
}

// split cuts where the separator stands outside of quoted names.
func split(text string, separator rune) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == separator && !quoted
	})
}

// blanks cuts at blanks where every piece looks like an address.
func blanks(part string) []string {
	fields := strings.Fields(part)
	for _, field := range fields {
		if !strings.Contains(field, "@") || strings.ContainsAny(field, `<>"`) {
			return []string{part}
		}
	}
	return fields
}

// shorten keeps a pasted page from coming back as a message.
func shorten(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
