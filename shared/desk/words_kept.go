package desk

import (
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// kept tells the events of keeping a lead in motion: while a rep has it and while it
// rests in a pool.
func (w words) kept(e app.Event, rep string) string {
	switch e.Kind {
	case "reminded":
		text := w.t("event.reminded", rep, w.time(e.At))
		if e.Manager {
			text += ", " + w.t("event.reminded_manager")
		}
		return text
	case "dealt":
		if !e.Open {
			return w.t("event.deal_over")
		}
		text := w.worth("event.dealt", e)
		if !e.At.IsZero() {
			text += ", " + w.t("event.dealt_until", w.time(e.At))
		}
		return text
	case "nudged":
		if e.Why != "" {
			return w.t("event.nudge_skipped")
		}
		return w.t("event.nudged")
	case "revealed":
		if rep == "" {
			return w.t("event.revealed_by_member")
		}
		return w.t("event.revealed", rep)
	case "tagged":
		return w.tagged(e)
	case "unlisted":
		return w.t("event.unlisted", e.List)
	case "dialled":
		return w.t("event.dialled", e.List)
	case "called":
		text := w.t("event.called", e.List, page.Word(w.lang, "answer", string(e.Outcome)))
		if e.Seconds > 0 {
			text += ", " + w.talked(e.Seconds)
		}
		return text
	case "credited":
		if e.Did == lead.DidHold {
			return w.t("event.credited_held", page.Word(w.lang, "credit", e.Credit), w.day(e.At))
		}
		return w.t("event.credited", page.Word(w.lang, "credit", e.Credit), w.day(e.At))
	}
	return w.swept(e)
}

func (w words) tagged(e app.Event) string {
	var parts []string
	if len(e.Added) > 0 {
		parts = append(parts, w.t("event.tags_added", strings.Join(e.Added, ", ")))
	}
	if len(e.Removed) > 0 {
		parts = append(parts, w.t("event.tags_removed", strings.Join(e.Removed, ", ")))
	}
	return strings.Join(parts, "; ")
}

// swept tells what the stock sweep did with the lead.
func (w words) swept(e app.Event) string {
	if e.Did == "" {
		return w.t("event.swept")
	}
	text := w.t("event.swept") + ": " + page.Word(w.lang, "did", string(e.Did))
	if e.List != "" {
		text += " (" + e.List + ")"
	}
	return text
}

// logged tells a follow-up with what shows that it took place.
func (w words) logged(e app.Event) string {
	parts := []string{w.t("event.logged", page.Word(w.lang, "way", e.Way))}
	if e.Inbound {
		parts[0] = w.t("event.logged_inbound", page.Word(w.lang, "way", e.Way))
	}
	if e.Seconds > 0 {
		parts = append(parts, w.talked(e.Seconds))
	}
	if e.Checked && e.Metres != nil {
		parts = append(parts, w.t("event.logged_metres", *e.Metres))
	} else if e.Checked {
		parts = append(parts, w.t("event.logged_checked"))
	}
	if !e.Done.IsZero() {
		parts = append(parts, w.t("event.logged_done", w.time(e.Done)))
	}
	if e.Grade != "" {
		parts = append(parts, w.t("event.logged_grade", string(e.Grade)))
	}
	if !e.At.IsZero() {
		parts = append(parts, w.t("event.logged_step", w.time(e.At)))
	}
	return strings.Join(parts, ", ")
}

// talked tells how long somebody talked.
func (w words) talked(seconds int) string {
	if seconds < 60 {
		return w.t("event.seconds", seconds)
	}
	return w.t("event.minutes", (seconds+30)/60)
}

// worth tells an event with the value that it may have.
func (w words) worth(key string, e app.Event) string {
	if e.Value != nil && e.Value.Amount > 0 {
		return w.t(key+"_value", money(*e.Value))
	}
	return w.t(key)
}

func (w words) day(t time.Time) string {
	if w.zone == nil {
		return t.UTC().Format(time.DateOnly)
	}
	return t.In(w.zone).Format(time.DateOnly)
}
