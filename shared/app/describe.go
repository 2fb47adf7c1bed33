package app

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"sluice/shared/lead"
)

// Describe tells an event in one line of English, without personal data; ""
// for what is of no interest to people.
func Describe(e lead.Event) string {
	switch e := e.(type) {
	case lead.Captured:
		return fmt.Sprintf("enquired about %s through %s", e.Product, through(e.Facts))
	case lead.Touched:
		if e.Listed {
			return "found on a list again: " + through(e.Facts)
		}
		return "enquired again through " + through(e.Facts)
	case lead.Unverified, lead.Verified, lead.Asked, lead.Enriched, lead.Joined, lead.Absorbed, lead.Took, lead.Restored, lead.Returned:
		return cleansed(e)
	case lead.Scored:
		return scored(e)
	case lead.Engaged:
		return "signals of interest: " + strings.Join(kindsOf(e.Signals), ", ")
	case lead.Woken:
		return "back to routing: " + e.Why
	case lead.Offered:
		if e.How == lead.ByHand {
			return fmt.Sprintf("offered to %s by hand", e.Rep)
		}
		return fmt.Sprintf("offered to %s of team %s by rule %q: %s", e.Rep, e.Team, e.Rule, e.Reason())
	case lead.Triaged:
		return fmt.Sprintf("to the dispatcher of team %s: %s", e.Team, e.Reason())
	case lead.Waiting:
		return fmt.Sprintf("waits for team %s until %s: %s", e.Team, e.Until.UTC().Format("2006-01-02 15:04 MST"), e.Reason())
	case lead.Qualified:
		return "qualified: " + e.Verdict
	case lead.Moved:
		return "moved by hand: " + e.Why
	case lead.Escalated:
		return "manager told: " + e.Why
	case lead.Accepted:
		return "accepted"
	case lead.Rejected:
		return "rejected: " + e.Reason
	case lead.Expired:
		return expired(e.Duty)
	case lead.Ended:
		return fmt.Sprintf("gone from %s: %s", e.Rep, e.Why)
	case lead.Logged:
		if e.Inbound {
			return "came back to us by " + e.Way
		}
		return "followed up by " + e.Way
	case lead.PutOnHold:
		return "on hold: " + e.Reason
	case lead.Resumed:
		return "resumed: " + e.Why
	case lead.Nurtured:
		return "to nurturing: " + e.Reason
	case lead.Pooled:
		return fmt.Sprintf("into pool %s: %s", e.Pool, e.Why)
	case lead.Claimed:
		return "claimed by " + e.Rep
	case lead.Swept:
		return swept(e)
	case lead.Extended:
		return "protection extended: " + e.Reason
	case lead.Dealt:
		if e.Open {
			return "deal opened"
		}
		return "deal closed"
	case lead.Nudged:
		if e.Skipped != "" {
			return ""
		}
		return "light touch sent"
	case lead.OptedOut:
		return "opted out of being contacted"
	case lead.Called:
		return fmt.Sprintf("called from list %s: %s", e.List, strings.ReplaceAll(string(e.Outcome), "_", " "))
	case lead.Converted:
		return "converted"
	case lead.HandedOver:
		return "hand-off confirmed"
	case lead.Closed:
		return fmt.Sprintf("closed as %s: %s", e.As, e.Reason)
	}
	return ""
}

// scored tells a score, and of one that there was before what is different and why.
func scored(e lead.Scored) string {
	if e.Was == nil {
		text := fmt.Sprintf("graded %s", e.Grade)
		if e.Maturity != "" {
			text += ", " + string(e.Maturity)
		}
		text += fmt.Sprintf(" (fit %d, behaviour %d", e.Fit, e.Behaviour)
		if e.Chance > 0 {
			text += ", chance " + percent(e.Chance)
		}
		return text + ")"
	}
	var parts []string
	changed := func(what, was, is string) {
		if was != is {
			parts = append(parts, fmt.Sprintf("%s %s → %s", what, cmp.Or(was, "none"), cmp.Or(is, "none")))
		}
	}
	changed("grade", string(e.Was.Grade), string(e.Grade))
	changed("maturity", string(e.Was.Maturity), string(e.Maturity))
	changed("fit", strconv.Itoa(e.Was.Fit), strconv.Itoa(e.Fit))
	changed("behaviour", strconv.Itoa(e.Was.Behaviour), strconv.Itoa(e.Behaviour))
	changed("chance", percent(e.Was.Chance), percent(e.Chance))
	text := cmp.Or(strings.Join(parts, ", "), "scored anew, to the same")
	if e.Cause != "" {
		text += ": " + e.Cause
	}
	return text
}

// percent tells a chance, "" for none.
func percent(chance int) string {
	if chance == 0 {
		return ""
	}
	return strconv.FormatFloat(100*chanceOf(chance), 'f', 1, 64) + " %"
}

// kindsOf tells signals by their kinds, such as "2 × visit".
func kindsOf(signals []lead.Signal) []string {
	var kinds []string
	for _, kind := range lead.SignalKinds {
		n := 0
		for _, s := range signals {
			if s.Kind == kind {
				n++
			}
		}
		switch {
		case n == 1:
			kinds = append(kinds, string(kind))
		case n > 1:
			kinds = append(kinds, fmt.Sprintf("%d × %s", n, kind))
		}
	}
	return kinds
}

// cleansed tells who a lead was found to be, and what was found out about it.
func cleansed(e lead.Event) string {
	switch e := e.(type) {
	case lead.Unverified:
		return fmt.Sprintf("from a list: to be verified by team %s", e.Team)
	case lead.Verified:
		return "verified: real, and in need of it"
	case lead.Enriched:
		if names := factNames(e.Facts); names != "" {
			return fmt.Sprintf("%s told: %s", e.By, names)
		}
	case lead.Joined:
		if e.Undone {
			return "its person's own again: the merge was undone"
		}
		return "its person was found to be another one, who goes on with it"
	case lead.Absorbed:
		return "merged into another lead of the same person"
	case lead.Took:
		return "took over another lead of the same person"
	case lead.Restored:
		return "a lead of its own again: " + e.Why
	case lead.Returned:
		return "gave back what came from another lead: the merge was undone"
	}
	return ""
}

// factNames names the facts that are told, without their values.
func factNames(f lead.Facts) string {
	var names []string
	for _, name := range lead.Fillable() {
		if !f.Lacks(name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// swept tells what a look of the stock sweep led to.
func swept(e lead.Swept) string {
	switch e.Did {
	case lead.DidTouch:
		return "re-activation message sent"
	case lead.DidList:
		return "put on the call list " + e.List
	}
	return "looked at in the pool"
}

func through(f lead.Facts) string {
	if f.Form == "" {
		return f.Channel
	}
	return "form " + f.Form
}

func expired(d lead.Duty) string {
	switch d {
	case lead.DutyWithdraw:
		return "offer withdrawn: not accepted in time"
	case lead.DutyReclaim:
		return "taken back: not followed up in time"
	}
	return "time ran out"
}
