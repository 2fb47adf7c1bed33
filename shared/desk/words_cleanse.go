package desk

import (
	"strings"

	"sluice/shared/app"
)

// cleansed tells who a lead was found to be, and what was found out about it.
func (w words) cleansed(e app.Event) string {
	of := strings.Join(e.Of, ", ")
	switch {
	case e.Kind == "unverified":
		return w.t("event.unverified", e.Team)
	case e.Kind == "asked":
		return w.t("event.asked", of)
	case e.Kind == "enriched" && e.Why != "":
		return w.t("event.enriched_nothing", of)
	case e.Kind == "enriched":
		return w.t("event.enriched", of)
	case e.Kind == "joined" && e.Undone:
		return w.t("event.joined_undone")
	}
	return w.t("event." + e.Kind)
}
