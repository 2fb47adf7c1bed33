package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDefaultsOfTheContextAreGood(t *testing.T) {
	context := cdkContext()
	if _, err := readOptions(func(name string) any { return context[name] }); err != nil {
		t.Error(err)
	}
}

// The command line passes every value as a string.
func TestOptionsFromTheCommandLine(t *testing.T) {
	context := cdkContext()
	maps.Copy(context, map[string]any{
		"local": "true", "rate": "7", "logDays": "90", "deskURL": "https://desk.example.com/", "domainPrefix": "acme-sluice",
	})
	opts, err := readOptions(func(name string) any { return context[name] })
	if err != nil {
		t.Fatal(err)
	}
	if !opts.Local || opts.Rate != 7 || opts.retention() != "THREE_MONTHS" || opts.DeskURL != "https://desk.example.com" {
		t.Errorf("read %+v", opts)
	}
}

func TestBadOptionsAreAllReported(t *testing.T) {
	context := cdkContext()
	bad := map[string]any{
		"sender": "sluice", "alarmEmail": "", "deskURL": "http://desk.example.com", "domainPrefix": "Acme_",
		"rate": "many", "burst": 0.0, "addressLimit": 1.0, "logDays": 31.0, "monthlyBudget": -5.0,
	}
	maps.Copy(context, bad)
	_, err := readOptions(func(name string) any { return context[name] })
	if err == nil {
		t.Fatal("all of it was taken")
	}
	for name := range bad {
		if !strings.Contains(err.Error(), "context "+name+":") {
			t.Errorf("nothing is said about %s in:\n%v", name, err)
		}
	}
}

func TestMissingAssetsAreNamed(t *testing.T) {
	folder := stubAssets()
	if err := findAssets(folder); err != nil {
		t.Error(err)
	}
	must(os.RemoveAll(filepath.Join(folder, "relay")))
	if err := findAssets(folder); err == nil || !strings.Contains(err.Error(), "relay") || strings.Contains(err.Error(), "intake") {
		t.Errorf("missing relay is told as %v", err)
	}
}
