package deliver

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// SES sends through Amazon SES. SES has no idempotency of its own: what keeps a
// message from going out twice is the delivery record around the call.
type SES struct{ Client *sesv2.Client }

// Send hands the rendered message to SES.
func (s SES) Send(ctx context.Context, m app.Mail) error {
	data, err := Render(m)
	if err != nil {
		return err
	}
	_, err = s.Client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(m.From.Mail),
		Destination:      &types.Destination{ToAddresses: []string{m.To.Mail}},
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: data}},
		EmailTags:        []types.MessageTag{{Name: aws.String("class"), Value: aws.String(string(m.Class))}},
	})
	if err != nil {
		return &lead.Error{Kind: lead.Unavailable, Text: "the message could not be sent", Cause: err}
	}
	return nil
}
