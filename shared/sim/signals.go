package sim

import (
	"context"
	"errors"

	"sluice/shared/lead"
)

// engage tells the desk of signals of a lead's person; then is called with the status.
func (w *World) engage(user, id string, signals []lead.Signal, then func(status int)) {
	w.use("desk", func(ctx context.Context, in *instance) error {
		pol, err := in.desk.Policy.Get(ctx)
		if err != nil {
			return err
		}
		for range 4 {
			l, err := in.desk.Store.Lead(ctx, id)
			for ; err == nil && l.State == lead.StateMerged; l, err = in.desk.Store.Lead(ctx, l.Merged.Into) {
			}
			if err != nil {
				return err
			}
			after, entry, err := lead.Run(l, lead.Actor{Kind: "program", ID: user}, pol.Rules(l.Team), w.now, lead.Engage{Signals: signals})
			if err != nil || len(entry.Events) == 0 {
				return err
			}
			var refused *lead.Refused
			if err := in.desk.Store.Commit(ctx, lead.NewChange(after, entry)); !errors.As(err, &refused) {
				return err
			}
		}
		return lead.Errorf(lead.Unavailable, "the lead changed at the same moment, again and again")
	}, func(err error) {
		status := 0
		if !errors.Is(err, errDead) {
			status = statusOf(err)
		}
		if status == 200 {
			w.checker.engaged(id, signals)
		}
		then(status)
	})
}
