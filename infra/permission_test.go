package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sluice/shared/schema"
)

// statement is one grant of a role.
type statement struct {
	role      string
	actions   []string
	resources []string
	condition any
}

// statements are all that the roles are permitted.
func (m model) statements(t *testing.T) []statement {
	var all []statement
	for policy := range m.of(t, "AWS::IAM::Policy") {
		for _, role := range list(policy.get("Roles")) {
			for _, s := range list(policy.get("PolicyDocument", "Statement")) {
				s := s.(map[string]any)
				if s["Effect"] != "Allow" {
					continue
				}
				grant := statement{role: m.target(role).id, condition: s["Condition"]}
				for _, a := range list(s["Action"]) {
					grant.actions = append(grant.actions, a.(string))
				}
				for _, r := range list(s["Resource"]) {
					grant.resources = append(grant.resources, m.text(r))
				}
				all = append(all, grant)
			}
		}
	}
	return all
}

// wide lists the actions that may name every resource, with the reason.
func wide() map[string]string {
	return map[string]string{
		"xray:PutTraceSegments":    "X-Ray has no resources",
		"xray:PutTelemetryRecords": "X-Ray has no resources",
	}
}

func TestNoGrantIsWide(t *testing.T) {
	used := map[string]bool{}
	for _, s := range cloud().statements(t) {
		for _, action := range s.actions {
			if strings.Contains(action, "*") {
				t.Errorf("%s may do %s", s.role, action)
			}
			for _, r := range s.resources {
				if strings.Contains(r, "*") {
					used[action] = true
					if wide()[action] == "" {
						t.Errorf("%s may %s on %s", s.role, action, r)
					}
				}
			}
		}
	}
	for action, reason := range wide() {
		if !used[action] {
			t.Errorf("%s (%s) is excused but not granted", action, reason)
		}
	}
}

// No policy of a queue, topic or key lets in everybody.
func TestNoResourceIsOpen(t *testing.T) {
	m := cloud()
	for kind, document := range map[string]string{
		"AWS::SQS::QueuePolicy": "PolicyDocument", "AWS::SNS::TopicPolicy": "PolicyDocument", "AWS::KMS::Key": "KeyPolicy",
	} {
		for r := range m.of(t, kind) {
			for _, s := range list(r.get(document, "Statement")) {
				s := s.(map[string]any)
				if text := fmt.Sprint(s["Principal"]); s["Effect"] == "Allow" && (s["Principal"] == "*" || strings.Contains(text, "AWS:*")) {
					t.Errorf("%s is open: %v", r.id, s)
				}
			}
		}
	}
}

// allowed are the actions that start with the prefix and that the function may
// do on resources of the kind.
func (m model) allowed(t *testing.T, s spec, prefix, kind string) []string {
	role := m.target(m.function(t, s).get("Role")).id
	actions := map[string]bool{}
	for _, grant := range m.statements(t) {
		for _, r := range grant.resources {
			if grant.role != role || m.resources[idOf(r)].Type != kind {
				continue
			}
			_, suffix, _ := strings.Cut(r, ">")
			for _, a := range grant.actions {
				if strings.HasPrefix(a, prefix) {
					actions[strings.TrimPrefix(a, prefix)+suffix] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(actions))
}

func idOf(text string) string {
	_, rest, _ := strings.Cut(text, "<")
	id, _, _ := strings.Cut(rest, ">")
	id, _, _ = strings.Cut(id, ".")
	return id
}

func TestWhatEachFunctionMayDoWithTheTable(t *testing.T) {
	want := map[string]string{
		"capture": "GetItem PutItem Query",
		"intake":  "BatchGetItem ConditionCheckItem GetItem PutItem Query Query/index/likeName Query/index/likePlace UpdateItem",
		"relay":   "DescribeStream GetRecords GetShardIterator ListStreams",
		"route":   "BatchGetItem ConditionCheckItem GetItem PutItem Query UpdateItem",
		"score":   "BatchGetItem ConditionCheckItem GetItem PutItem Query UpdateItem",
		"sweep":   "BatchGetItem ConditionCheckItem GetItem PutItem Query Query/index/due UpdateItem",
		"train":   "BatchGetItem GetItem PutItem Query",
		"deliver": "BatchGetItem GetItem PutItem Query UpdateItem",
		"desk":    "BatchGetItem ConditionCheckItem GetItem PutItem Query Query/index/held UpdateItem",
	}
	m := cloud()
	for _, s := range functions() {
		if got := strings.Join(m.allowed(t, s, "dynamodb:", "AWS::DynamoDB::Table"), " "); got != want[s.Name] {
			t.Errorf("%s may %q, want %q", s.Name, got, want[s.Name])
		}
	}
}

func TestWhoMaySendToWhichQueue(t *testing.T) {
	want := map[string]string{"capture": "IntakeQueue", "relay": "DeliverQueue RelayFailed RouteQueue ScoreQueue", "sweep": "ScoreQueue", "deliver": "IntakeQueue"}
	m := cloud()
	got := map[string]string{}
	for _, s := range functions() {
		role := m.target(m.function(t, s).get("Role")).id
		queues := map[string]bool{}
		for _, grant := range m.statements(t) {
			if grant.role != role || !slices.Contains(grant.actions, "sqs:SendMessage") {
				continue
			}
			for _, r := range grant.resources {
				queues[strings.TrimRight(idOf(r), "0123456789ABCDEF")] = true
			}
		}
		if len(queues) > 0 {
			got[s.Name] = strings.Join(slices.Sorted(maps.Keys(queues)), " ")
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("messages are sent by %v, want %v", got, want)
	}
}

// What the world may call writes nothing but keys of the vault, and what learns
// nothing but what it learned.
func TestWhoWritesNoLeads(t *testing.T) {
	m := cloud()
	for partition, s := range map[string]spec{schema.VaultPartition: capture, schema.ModelPartition: train} {
		role, writes := m.target(m.function(t, s).get("Role")).id, 0
		for _, grant := range m.statements(t) {
			if grant.role != role || !slices.Contains(grant.actions, "dynamodb:PutItem") {
				continue
			}
			writes++
			text := fmt.Sprint(grant.condition)
			bound := strings.Contains(text, "ForAllValues:StringEquals:map[dynamodb:LeadingKeys:"+partition+"]") ||
				strings.Contains(text, "ForAllValues:StringEquals:map[dynamodb:LeadingKeys:["+partition+"]]")
			if len(grant.actions) != 1 || !bound || !strings.Contains(text, "Null:map[dynamodb:LeadingKeys:false]") {
				t.Errorf("%s may %v where %s, want to add to the partition %s alone", s.Name, grant.actions, text, partition)
			}
		}
		if writes != 1 {
			t.Errorf("%s may write by %d grants, want 1", s.Name, writes)
		}
	}
}

// The vault's key opens data keys of the vault only, and only to those who
// handle contact data.
func TestWhoMayUseTheVault(t *testing.T) {
	want := map[string]string{"capture": "Decrypt Encrypt", "intake": "Decrypt Encrypt", "desk": "Decrypt Encrypt", "deliver": "Decrypt", "score": "Decrypt", "sweep": "Decrypt"}
	m := cloud()
	got := map[string]string{}
	for _, grant := range m.statements(t) {
		for _, r := range grant.resources {
			if !strings.HasPrefix(r, "<VaultKey") {
				continue
			}
			if fmt.Sprint(grant.condition) != "map[StringEquals:map[kms:EncryptionContext:sluice:vault]]" {
				t.Errorf("%s may use the vault's key for %v", grant.role, grant.condition)
			}
			for _, s := range functions() {
				if m.target(m.function(t, s).get("Role")).id == grant.role {
					got[s.Name] = strings.ReplaceAll(strings.Join(slices.Sorted(slices.Values(grant.actions)), " "), "kms:", "")
				}
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("the vault is open to %v, want %v", got, want)
	}
}

// A function that is named a resource may use it, and one that may use a queue
// or the table is named it, unless its trigger is all that needs it.
func TestVariablesAndPermissionsComeTogether(t *testing.T) {
	m := cloud()
	for _, s := range functions() {
		f := m.function(t, s)
		named := map[string]bool{}
		for _, value := range m.environ(f) {
			switch m.resources[idOf(value)].Type {
			case "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::KMS::Key":
				named[idOf(value)] = true
			}
		}
		permitted, used := map[string]bool{}, map[string]bool{}
		for _, grant := range m.statements(t) {
			if grant.role != m.target(f.get("Role")).id {
				continue
			}
			for _, r := range grant.resources {
				permitted[idOf(r)] = true
				calls := slices.Contains(grant.actions, "sqs:SendMessage") || slices.Contains(grant.actions, "dynamodb:GetItem")
				if calls && !m.deadLetters(t)[idOf(r)] {
					used[idOf(r)] = true
				}
			}
		}
		for id := range named {
			if !permitted[id] {
				t.Errorf("%s is named %s but may not use it", s.Name, id)
			}
		}
		for id := range used {
			if !named[id] {
				t.Errorf("%s may use %s but is not named it", s.Name, id)
			}
		}
	}
}

func TestMailComesFromTheSenderOnly(t *testing.T) {
	m := cloud()
	role := m.target(m.function(t, deliver).get("Role")).id
	for _, grant := range m.statements(t) {
		if !strings.HasPrefix(grant.actions[0], "ses:") {
			continue
		}
		want := fmt.Sprintf("map[StringEquals:map[ses:FromAddress:%s]]", cdkContext()["sender"])
		if grant.role != role || fmt.Sprint(grant.condition) != want {
			t.Errorf("%s may send mail on %v", grant.role, grant.condition)
		}
		return
	}
	t.Error("nobody may send mail")
}
