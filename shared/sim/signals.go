package sim

import (
	"context"
	"net/http"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// engage tells the desk of signals of a lead's person; then is called with the status.
func (w *World) engage(user, id string, signals []lead.Signal, then func(status int)) {
	told := app.Interest{}
	for _, s := range signals {
		told.Signals = append(told.Signals, app.SignalTold{Kind: s.Kind, ID: s.ID, At: s.At, Sure: &s.Sure, Judged: s.Judged, Amount: s.Amount})
	}
	w.atDesk(user, func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Engage(ctx, u, app.Target{Lead: id}, told)
		return err
	}, func(status int) {
		if status == http.StatusOK {
			w.checker.engaged(id, signals)
		}
		then(status)
	})
}
