package table

import "strings"

// update reads the clauses of an update; each may be there once.
func (p *parser) update() *update {
	u := &update{}
	seen := map[string]bool{}
	for p.token != "" {
		clause := strings.ToUpper(p.token)
		if seen[clause] {
			p.fail(invalid("Invalid UpdateExpression: The %q section can only be used once in an update expression", clause))
			break
		}
		seen[clause] = true
		p.advance()
		read := p.removal
		switch clause {
		case "SET":
			read = p.assignment
		case "ADD":
			read = p.addition
		case "REMOVE":
		case "DELETE":
			p.fail(invalid("DELETE takes elements out of sets, which are not modelled"))
		default:
			p.syntax()
		}
		for more := true; more && p.fault == nil; more = p.take(",") {
			read(u)
		}
	}
	return u
}

// target reads a path that is written.
func (p *parser) target(u *update) []step {
	path := p.path()
	u.paths = append(u.paths, path)
	return path
}

func (p *parser) assignment(u *update) {
	a := assignment{path: p.target(u)}
	p.expect("=")
	a.a = p.operand(true)
	if p.is("+") || p.is("-") {
		a.arith = p.token[0]
		p.advance()
		a.b = p.operand(true)
	}
	u.set = append(u.set, a)
}

func (p *parser) removal(u *update) { u.remove = append(u.remove, p.target(u)) }

func (p *parser) addition(u *update) {
	a := addition{path: p.target(u)}
	o := p.operand(true)
	if p.fault == nil && o.kind != valueOperand {
		p.fail(invalid("Invalid UpdateExpression: ADD takes a value"))
	}
	a.slot = o.slot
	u.add = append(u.add, a)
}
