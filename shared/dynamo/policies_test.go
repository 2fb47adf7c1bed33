package dynamo

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// typical is a policy's body of the usual size.
func typical() policyBody {
	source := strings.Repeat("- when: campaign == \"spring\"\n  then: inside\n", 100)
	document, _ := json.Marshal(map[string]string{"rules": source})
	return policyBody{Document: document, Source: source}
}

// TestPolicyBodyIsKept writes and reads bodies side by side, with memory that
// served others, broken ones among them.
func TestPolicyBodyIsKept(t *testing.T) {
	t.Parallel()
	var running sync.WaitGroup
	for i := range 40 {
		running.Go(func() {
			body := typical()
			body.Source = body.Source[:i*len(body.Source)/40] + fmt.Sprint(i)
			data, err := zip(body)
			if err != nil {
				t.Error(err)
				return
			}
			var fresh bytes.Buffer
			w := gzip.NewWriter(&fresh)
			if json.NewEncoder(w).Encode(body) != nil || w.Close() != nil || !bytes.Equal(data, fresh.Bytes()) {
				t.Errorf("body %d is not what a new writer makes of it", i)
			}
			for name, broken := range map[string][]byte{"empty": nil, "other": []byte("{}"), "cut": data[:len(data)/2], "head only": data[:10]} {
				if _, err := unzip[policyBody](broken); err == nil {
					t.Errorf("body %d, %s, was read", i, name)
				}
			}
			if got, err := unzip[policyBody](data); err != nil || !reflect.DeepEqual(got, body) {
				t.Errorf("body %d was read as %d bytes, %v", i, len(got.Source), err)
			}
		})
	}
	running.Wait()
	endless, err := zip(policyBody{Source: strings.Repeat("x", 3*MaxPolicy)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unzip[policyBody](endless); err == nil {
		t.Error("a body beyond the limit was read")
	}
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
			if _, err := unzip[policyBody](data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
