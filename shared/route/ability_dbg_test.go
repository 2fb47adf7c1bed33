package route

func (a *Ability) Variances() (float64, float64) { return a.ofReps, a.ofCells }
func (a *Ability) Bands() [tenures]odds          { return a.bands }
