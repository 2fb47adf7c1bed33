package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// RoutePorts are what route works with.
type RoutePorts struct {
	Ports
	Store  Store
	Policy *Current
}

// Route gives leads that came back to routing to their next rep.
func Route(p RoutePorts) lambda.Handler {
	r := newRouter(p.Store, p.Policy)
	return trigger.SQS(p.Log, func(ctx context.Context, m trigger.Message) error {
		var order RouteOrder
		if err := json.Unmarshal(m.Body, &order); err != nil || order.Lead == "" {
			return malformed("a routing order")
		}
		_, err := r.route(ctx, order.Lead, lead.System("route"), p.Now())
		return err
	})
}

// RouteOrder asks for a lead to be routed. Doing so twice does nothing: a lead
// that is placed already is left alone.
type RouteOrder struct {
	Lead  string `json:"lead"`
	Entry string `json:"entry"` // the history entry that it follows from
}

type router struct {
	store  Store
	policy *Current
	place  *placer
}

func newRouter(store Store, p *Current) *router {
	return &router{store: store, policy: p, place: newPlacer(store)}
}

// route places one lead; done says whether it was waiting for that.
func (r *router) route(ctx context.Context, id string, by lead.Actor, now time.Time) (done bool, err error) {
	pol, err := r.policy.Get(ctx)
	if err != nil {
		return false, err
	}
	for attempt := range commitAttempts {
		l, err := r.store.Lead(ctx, id)
		if err != nil {
			return false, err
		}
		if l.State != lead.StateNew && l.State != lead.StateRouting {
			return false, nil
		}
		err = r.place.commit(ctx, pol, placing{lead: l, by: by, now: now, refused: attempt}, nil)
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return err == nil, err
		}
	}
	return false, lead.Errorf(lead.Unavailable, "the lead met others at the same moment; it is tried again")
}
