package deliver

// NewCallerBy makes a caller that has names resolved by another resolver.
var NewCallerBy = newCaller
