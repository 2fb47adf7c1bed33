package local

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// BenchmarkSend measures durable sends of 1.5 KB, about a sealed form post,
// through HTTP with 32 callers: "sdk" with the SDK's client and its signing,
// "http" with a bare one. Both ends share the machine.
func BenchmarkSend(b *testing.B) {
	body := strings.Repeat("x", 1500)
	setup := func(b *testing.B) (base, url string) {
		server := must[*SQS](b)(OpenSQS(SQSOptions{Dir: b.TempDir()}))
		base = listen(b, EdgeOptions{SQS: server})
		out := must[*sqs.CreateQueueOutput](b)(sqsClient(base).CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: aws.String("intake")}))
		b.SetParallelism(16)
		b.ReportAllocs()
		return base, *out.QueueUrl
	}
	b.Run("sdk", func(b *testing.B) {
		base, url := setup(b)
		client := sqsClient(base)
		start := time.Now()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, err := client.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body}); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "sends/s")
	})
	b.Run("http", func(b *testing.B) {
		base, url := setup(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		request := must[[]byte](b)(json.Marshal(map[string]string{"QueueUrl": url, "MessageBody": body}))
		start := time.Now()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				req, err := http.NewRequest(http.MethodPost, base, bytes.NewReader(request))
				if err != nil {
					b.Error(err)
					return
				}
				req.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
				resp, err := client.Do(req)
				if err != nil {
					b.Error(err)
					continue
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					b.Errorf("status %s", resp.Status)
				}
			}
		})
		b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "sends/s")
	})
}
