package deliver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"sluice/shared/deliver"
	"sluice/shared/lead"
)

// ses answers every call the same, and keeps what it was sent.
type ses struct {
	status int
	answer string
	sent   string
}

func (s *ses) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	s.sent = string(body)
	return &http.Response{StatusCode: s.status, Header: http.Header{"Content-Type": {"application/json"}, "X-Amzn-Errortype": {"MessageRejected"}},
		Body: io.NopCloser(strings.NewReader(s.answer)), Request: r}, err
}

func (s *ses) sender() deliver.SES {
	return deliver.NewSES(sesv2.New(sesv2.Options{Region: "eu-central-1", HTTPClient: s, Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		})}))
}

func TestSESTakesTheRenderedMessage(t *testing.T) {
	t.Parallel()
	s := &ses{status: http.StatusOK, answer: `{"MessageId":"m"}`}
	if err := s.sender().Send(t.Context(), sample()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"FromEmailAddress":"sluice@example.com"`, `"ToAddresses":["fang@example.org"]`, `"Raw"`, `"internal"`} {
		if !strings.Contains(s.sent, want) {
			t.Errorf("SES was not sent %s", want)
		}
	}
}

func TestSESErrorQuotesNoAddress(t *testing.T) {
	t.Parallel()
	s := &ses{status: http.StatusBadRequest, answer: `{"message":"Address is not verified: fang@example.org"}`}
	err := s.sender().Send(t.Context(), sample())
	var e *lead.Error
	if !errors.As(err, &e) || e.Kind != lead.Unavailable || strings.Contains(err.Error(), "@") || !strings.Contains(err.Error(), "MessageRejected") {
		t.Errorf("error is %v, want unavailable with the code and without the address", err)
	}
}
