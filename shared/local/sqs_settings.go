package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxMessageBytes is the most a message, or a batch of them, may hold: body
// and attributes together. Source: API reference of SendMessage and
// SendMessageBatch ("1 MiB or 1,048,576 bytes"; 256 KiB until August 2025).
const MaxMessageBytes = 1 << 20

// settings are a queue's attributes as the queue uses them.
type settings struct {
	visibility, delay, retention, wait time.Duration
	maxBytes                           int
	redrive                            *redrivePolicy
}

type redrivePolicy struct {
	Target string      `json:"deadLetterTargetArn"`
	Max    json.Number `json:"maxReceiveCount"` // clients send it as number or as text
}

func (p *redrivePolicy) max() int {
	n, _ := strconv.Atoi(p.Max.String()) // checked when it was set
	return n
}

type span struct{ least, most, preset int }

// numericAttributes has range and default of each, from the API reference of
// SetQueueAttributes.
func numericAttributes() map[string]span {
	return map[string]span{
		"VisibilityTimeout":             {0, 43_200, 30},
		"DelaySeconds":                  {0, 900, 0},
		"MessageRetentionPeriod":        {60, 1_209_600, 345_600},
		"ReceiveMessageWaitTimeSeconds": {0, 20, 0},
		"MaximumMessageSize":            {1024, MaxMessageBytes, MaxMessageBytes},
	}
}

// inertAttributes are kept and told again, but change nothing here.
func inertAttributes() []string {
	return []string{"Policy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"}
}

// parseSettings checks the attributes a caller may set.
func parseSettings(given map[string]string) (settings, error) {
	number := map[string]int{}
	ranges := numericAttributes()
	for name, r := range ranges {
		number[name] = r.preset
	}
	var set settings
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given[name]
		r, numeric := ranges[name]
		switch {
		case numeric:
			n, err := strconv.Atoi(value)
			if err != nil || n < r.least || n > r.most {
				return settings{}, invalidAttribute(name, fmt.Sprintf("must be a whole number from %d to %d", r.least, r.most))
			}
			number[name] = n
		case name == "RedrivePolicy":
			policy, err := parseRedrive(value)
			if err != nil {
				return settings{}, err
			}
			set.redrive = policy
		case name == "FifoQueue" && value != "false":
			return settings{}, &fault{"UnsupportedOperation", "This local SQS has standard queues only."}
		case name != "FifoQueue" && !slices.Contains(inertAttributes(), name):
			return settings{}, &fault{"InvalidAttributeName", "Unknown Attribute " + name + "."}
		}
	}
	seconds := func(name string) time.Duration { return time.Duration(number[name]) * time.Second }
	set.visibility, set.delay = seconds("VisibilityTimeout"), seconds("DelaySeconds")
	set.retention, set.wait = seconds("MessageRetentionPeriod"), seconds("ReceiveMessageWaitTimeSeconds")
	set.maxBytes = number["MaximumMessageSize"]
	return set, nil
}

// parseRedrive reads a RedrivePolicy; the empty text takes it away.
func parseRedrive(value string) (*redrivePolicy, error) {
	if value == "" {
		return nil, nil
	}
	var p redrivePolicy
	if err := json.Unmarshal([]byte(value), &p); err != nil {
		return nil, invalidAttribute("RedrivePolicy", "is not a JSON object")
	}
	if n, err := strconv.Atoi(p.Max.String()); err != nil || n < 1 || n > 1000 {
		return nil, invalidAttribute("RedrivePolicy", "maxReceiveCount must be a whole number from 1 to 1000")
	}
	if arnName(p.Target) == "" {
		return nil, invalidAttribute("RedrivePolicy", "deadLetterTargetArn is not the ARN of a queue")
	}
	return &p, nil
}

// arnName is the queue's name in an ARN, or "".
func arnName(arn string) string {
	parts := strings.Split(arn, ":")
	if len(parts) != 6 || parts[2] != "sqs" {
		return ""
	}
	return parts[5]
}

func invalidAttribute(name, why string) error {
	return &fault{"InvalidAttributeValue", "Invalid value for the parameter " + name + ". Reason: " + why + "."}
}

// attributes are all a caller may ask for, as text.
func (s *SQS) attributes(q *queue, now time.Time) map[string]string {
	all := map[string]string{}
	for name, r := range numericAttributes() {
		all[name] = strconv.Itoa(r.preset)
	}
	maps.Copy(all, q.given)
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	d := q.depth(now)
	all["QueueArn"] = s.ARN(q.name)
	all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(d.visible)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(d.delayed)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(d.inFlight)
	return all
}

// sameValue compares an attribute's text as SQS does: a policy by its content.
func sameValue(name, a, b string) bool {
	if name != "RedrivePolicy" || a == b {
		return a == b
	}
	pa, errA := parseRedrive(a)
	pb, errB := parseRedrive(b)
	return errA == nil && errB == nil && pa != nil && pb != nil && *pa == *pb
}
