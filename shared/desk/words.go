package desk

import (
	"fmt"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// words tells events in a language.
type words struct {
	lang string
	zone *time.Location // UTC where nil
}

func (w words) t(key string, args ...any) string { return page.Text(w.lang, key, args...) }

// what tells an event in one line.
func (w words) what(e app.Event) string {
	rep := ""
	if e.Rep != nil {
		rep = e.Rep.Name
	}
	switch e.Kind {
	case "captured":
		return w.t("event.captured", e.Product, e.Form)
	case "unverified", "verified", "asked", "enriched", "joined":
		return w.cleansed(e)
	case "touched":
		if e.Listed {
			return w.t("event.touched_list", e.Form)
		}
		return w.t("event.touched", e.Form)
	case "scored":
		return w.scored(e)
	case "engaged":
		return w.engaged(e)
	case "offered":
		if e.How == lead.ByHand {
			return w.t("event.offered_hand", rep)
		}
		return w.t("event.offered", rep)
	case "waiting":
		return w.t("event.waiting", e.Team, w.time(e.At))
	case "qualified":
		return w.t("event.qualified", e.Verdict)
	case "triaged", "escalated":
		return w.t("event."+e.Kind, e.Team)
	case "expired":
		if e.Do == lead.DutyWithdraw {
			return w.t("event.expired_withdraw")
		}
		return w.t("event.expired")
	case "ended", "claimed":
		return w.t("event."+e.Kind, rep)
	case "reminded", "dealt", "nudged", "revealed", "tagged", "dialled", "unlisted", "called", "credited", "swept":
		return w.kept(e, rep)
	case "logged":
		return w.logged(e)
	case "pooled":
		return w.t("event.pooled", e.Pool)
	case "converted":
		return w.worth("event.converted", e)
	case "closed":
		return w.t("event.closed", page.Word(w.lang, "state", string(e.As)))
	case "due":
		if e.At.IsZero() {
			return w.t("event.due_none")
		}
		return w.t("event.due", w.time(e.At))
	}
	return w.t("event." + e.Kind)
}

func (w words) time(t time.Time) string { return page.Time(t, w.zone) }

// decimals are the digits after the point of currencies that do not have two
// (ISO 4217, minor units).
var decimals = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
	"UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

func decimalsOf(currency string) int {
	if n, ok := decimals[currency]; ok {
		return n
	}
	return 2
}

// money shows an amount such as "1200.50 EUR".
func money(m lead.Money) string {
	n := decimalsOf(m.Currency)
	if n == 0 {
		return fmt.Sprintf("%d %s", m.Amount, m.Currency)
	}
	unit := int64(1)
	for range n {
		unit *= 10
	}
	return fmt.Sprintf("%d.%0*d %s", m.Amount/unit, n, m.Amount%unit, m.Currency)
}

// amount reads an amount that a person wrote, such as "1200.50" or "1 200,5", in
// the currency's smallest unit.
func amount(text, currency string) (int64, error) {
	wrong := &lead.Error{Kind: lead.Invalid, Field: "value", Text: "give an amount such as 1200.50"}
	n, places, seen := int64(0), 0, false
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9' && n < 1e14: // times a thousand it still fits
			n = n*10 + int64(r-'0')
			if seen {
				places++
			}
		case (r == '.' || r == ',') && !seen:
			seen = true
		case r == ' ' || r == '\u00a0' || r == '\u202f':
		default:
			return 0, wrong
		}
	}
	want := decimalsOf(currency)
	if places > want {
		wrong.Text = fmt.Sprintf("%s has %d digits after the point", currency, want)
		return 0, wrong
	}
	for range want - places {
		n *= 10
	}
	return n, nil
}
