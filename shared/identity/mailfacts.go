package identity

// MailFacts is what is known of a mailbox from its address alone.
type MailFacts struct {
	Provider      string // the domain that stands for the provider; "" if unknown
	Free          bool   // anybody can have a mailbox there
	Disposable    bool   // made for a few minutes
	Role          bool   // an office, not a person: info@, sales@
	Undeliverable bool   // reserved, test or no-reply addresses: nobody reads it
	Suggest       string // the address that was likely meant, or ""
}

// Mailbox tells what is known of a mailbox.
func Mailbox(address Address) MailFacts { return MailFacts{} }
