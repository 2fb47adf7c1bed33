package dynamo

import (
	"encoding/json"
	"strings"
	"testing"
)

// typical is a policy's body of the usual size.
func typical() policyBody {
	source := strings.Repeat("- when: campaign == \"spring\"\n  then: inside\n", 100)
	document, _ := json.Marshal(map[string]string{"rules": source})
	return policyBody{Document: document, Source: source}
}

func BenchmarkPolicyBody(b *testing.B) {
	body := typical()
	data, err := zip(body)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("zip", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := zip(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unzip", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := unzip(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
