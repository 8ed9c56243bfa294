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
	line = strings.Trim(line, " \t\r,;")
	if line == "" {
		return nil
	}
	if list, err := mail.ParseAddressList(line); err == nil {
		parts := make([]string, len(list))
		for i, address := range list {
			parts[i] = address.Address
		}
		return parts
	}
	var parts []string
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, blanks(part)...)
		}
	}
	return parts
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
