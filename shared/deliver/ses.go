package deliver

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// SES sends through Amazon SES. SES has no idempotency of its own: what keeps a
// message from going out twice is the delivery record around the call.
type SES struct {
	// The one operation, so that not all of SES is linked.
	send func(context.Context, *sesv2.SendEmailInput, ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error)
}

// NewSES makes a sender of a client.
func NewSES(client *sesv2.Client) SES { return SES{client.SendEmail} }

// Send hands the rendered message to SES.
func (s SES) Send(ctx context.Context, m app.Mail) error {
	data, err := Render(m)
	if err != nil {
		return err
	}
	_, err = s.send(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(m.From.Mail),
		Destination:      &types.Destination{ToAddresses: []string{m.To.Mail}},
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: data}},
		EmailTags:        []types.MessageTag{{Name: aws.String("class"), Value: aws.String(string(m.Class))}},
	})
	if err != nil {
		return &lead.Error{Kind: lead.Unavailable, Text: "the message could not be sent", Cause: errors.New(codeOf(err))}
	}
	return nil
}

// codeOf is what SES calls the error. Its words may quote an address, which is
// not for the log.
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return "no answer from SES"
}
