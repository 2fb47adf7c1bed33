package identity

// Site is a host's place in the domain name system.
type Site struct {
	Registrable string // what its owner registered: example.co.uk
	Label       string // its own label: example
	Suffix      string // the public suffix: co.uk
}

// Domain finds what was registered of a host name.
func Domain(host string) Site { return Site{} }
