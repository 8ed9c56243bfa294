package handlers_test

import "net/url"

// fields are what a form of the page would send, as a browser does, with the
// button that is pressed; "" for one without a name.
func (p page) fields(form, button string) url.Values {
	p.t.Helper()
	if n := p.Find(form).Length(); n != 1 {
		p.t.Fatalf("%s: %d forms %s", p.name, n, form)
	}
	values := url.Values{}
	p.Find(form).Find("input[name], select[name], textarea[name]").Each(func(_ int, s *selection) {
		if value, sent := sentBy(s); sent {
			values.Add(s.AttrOr("name", ""), value)
		}
	})
	if button != "" {
		b := p.Find(form).Find("button[name=" + button + "]")
		if b.Length() == 0 {
			p.t.Fatalf("%s: no button %q", p.name, button)
		}
		values.Set(button, b.First().AttrOr("value", ""))
	}
	return values
}

// sentBy is the value of an input, and whether it is sent at all.
func sentBy(s *selection) (value string, sent bool) {
	switch {
	case s.Is("[disabled]"), s.Is("[type=checkbox], [type=radio]") && !s.Is("[checked]"):
		return "", false
	case s.Is("select"):
		chosen := s.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = s.Find("option")
		}
		return chosen.First().AttrOr("value", chosen.First().Text()), chosen.Length() > 0
	case s.Is("textarea"):
		return s.Text(), true
	default:
		return s.AttrOr("value", ""), true
	}
}
