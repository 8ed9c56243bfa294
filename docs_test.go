package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var settingName = regexp.MustCompile(`ROSTER_[A-Z_]*[A-Z]`)

// TestGuides: what the guides tell operators to set is taken, block by block.
func TestGuides(t *testing.T) {
	guides, err := filepath.Glob("docs/sso/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	blocks := 0
	for _, guide := range guides {
		section := ""
		var block map[string]string
		for line := range strings.Lines(read(t, guide)) {
			line = strings.TrimSuffix(line, "\n")
			name, value, _ := strings.Cut(line, "=")
			switch {
			case strings.HasPrefix(line, "#"):
				section = line
			case line == "```env":
				block = map[string]string{}
			case line == "```" && block != nil:
				blocks++
				values := map[string]string{"ROSTER_ADDR": "0.0.0.0:8080", "ROSTER_PUBLIC_URL": "https://roster.example.com"}
				maps.Copy(values, block)
				if _, err := loadConfig(env(pairs(values)...)); err != nil {
					t.Errorf("%s, %s: %v", guide, section, err)
				}
				block = nil
			case block != nil:
				block[name] = value
			}
		}
	}
	if blocks < 13 { // four providers, and nine ways behind seven proxies
		t.Errorf("only %d blocks of settings", blocks)
	}
}

// TestNamesOfSettings: nothing tells an operator of a setting that there isn't.
func TestNamesOfSettings(t *testing.T) {
	known := map[string]bool{}
	for _, group := range settings {
		for _, s := range group.Settings {
			known[s.Name] = true
			known[s.Name+"_FILE"] = s.Secret
		}
	}
	files := []string{"README.md", "Dockerfile", "compose.yaml"}
	for _, pattern := range []string{"deploy/*", "docs/*.md", "docs/sso/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		for _, name := range settingName.FindAllString(read(t, file), -1) {
			if !known[name] {
				t.Errorf("%s names %s, which is no setting", file, name)
			}
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func pairs(values map[string]string) []string {
	var list []string
	for name, value := range values {
		list = append(list, name, value)
	}
	return list
}
