package sim

import (
	"encoding/json"
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
	body, _ := json.Marshal(told) // texts, numbers and times
	w.ask(request{function: "desk", method: http.MethodPost, path: "/api/leads/" + id + "/signals", user: user, header: jsonBody, body: body}, func(a answer) {
		if a.status == http.StatusOK {
			w.checker.engaged(id, signals)
		}
		then(a.status)
	})
}
