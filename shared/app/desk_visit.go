package app

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"sluice/shared/lead"
)

// CheckIn is where a rep was on a visit. Customer is where the customer is, where
// the rep's device knows it.
type CheckIn struct {
	Point
	Accuracy float64 `json:"accuracy"` // radius in metres
	Customer *Point  `json:"customer,omitempty"`
}

// Point is a place on earth, in degrees of WGS 84.
type Point struct {
	Lat float64 `json:"lat"` // -90 to 90
	Lon float64 `json:"lon"` // -180 to 180
}

// accuracyMost bounds how inaccurate a check-in may be, in metres: beyond it says
// nothing.
const accuracyMost = 50_000

func (c CheckIn) sound() bool {
	return c.Point.sound() && c.Accuracy >= 0 && c.Accuracy <= accuracyMost && (c.Customer == nil || c.Customer.sound())
}

func (p Point) sound() bool { return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 }

// earth is the mean radius of the earth in metres (IUGG).
const earth = 6_371_008.8

// metres is the great-circle distance between two points, by the haversine formula.
func (p Point) metres(q Point) *int {
	rad := math.Pi / 180
	lat, lon := math.Sin((q.Lat-p.Lat)*rad/2), math.Sin((q.Lon-p.Lon)*rad/2)
	h := lat*lat + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*lon*lon
	n := int(math.Round(2 * earth * math.Asin(math.Sqrt(min(1, h)))))
	return &n
}

// distance is how far a check-in is from where the customer is, as far as the last
// one of the lead tells; nil where nothing does. It looks through one page of the
// history.
func (d *Desk) distance(ctx context.Context, id string, in CheckIn) (*int, error) {
	history, _, err := d.Store.History(ctx, id, Page{Limit: pageMax})
	if err != nil {
		return nil, err
	}
	var last lead.Sealed
	for _, entry := range history {
		for _, e := range entry.Events {
			if logged, ok := e.(lead.Logged); ok && len(logged.Place) > 0 {
				last = logged.Place
			}
		}
	}
	if last == nil {
		return nil, nil
	}
	before, err := d.openCheckIn(ctx, id, last)
	if err != nil {
		return nil, err
	}
	if before.Customer != nil {
		return before.Customer.metres(in.Point), nil
	}
	return before.Point.metres(in.Point), nil
}

func (d *Desk) openCheckIn(ctx context.Context, id string, sealed lead.Sealed) (CheckIn, error) {
	var in CheckIn
	text, err := d.open(ctx, placeNote(id), sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &in)
	}
	if err != nil {
		return in, fmt.Errorf("open check-in of lead %s: %w", id, err)
	}
	return in, nil
}
