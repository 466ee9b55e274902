package alerts

import (
	"context"
	"strings"
	"time"

	"homeward/journal"
)

// NewBlock blocks a caller for a time. Exactly one of Phone, Email, CallID and
// ContactID says who: of a call or a contact the number is taken, or else the
// contact's e-mail address.
type NewBlock struct {
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	CallID    string `json:"call_id,omitempty"`
	ContactID string `json:"contact_id,omitempty"`
	// Term is one of BlockTerms, such as 24h.
	Term   string `json:"term"`
	Reason string `json:"reason"`
}

// EndBlock is why a block ends before its time.
type EndBlock struct {
	Reason string `json:"reason"`
}

// BlockView is a block as the desk sees it.
type BlockView struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Value string `json:"value,omitempty"`
	Term  string `json:"term"`
	// Reason is why, By who blocked.
	Reason string `json:"reason,omitempty"`
	By     string `json:"by,omitempty"`
	// InForce says that it counts now, Until until when. Waits says that a second
	// person has yet to agree; AskedUntil is what they would agree to.
	InForce     bool            `json:"in_force"`
	Until       time.Time       `json:"until"`
	Waits       bool            `json:"waits"`
	AskedUntil  time.Time       `json:"asked_until,omitzero"`
	ConfirmedBy string          `json:"confirmed_by,omitempty"`
	ConfirmedAt time.Time       `json:"confirmed_at,omitzero"`
	EndedBy     string          `json:"ended_by,omitempty"`
	EndedAt     time.Time       `json:"ended_at,omitzero"`
	EndReason   string          `json:"end_reason,omitempty"`
	May         map[string]bool `json:"may"`
	Version     int             `json:"version"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
}

// BlockTerms are the times for which somebody may be blocked.
func (d *Desk) BlockTerms() []BlockTerm { return d.callTerms.Blocks }

// BlockAlone is how long a block counts that a second person has yet to agree to.
func (d *Desk) BlockAlone() time.Duration { return d.callTerms.Alone }

// CallsKept is how long a call is kept of which nobody makes a contact.
func (d *Desk) CallsKept() time.Duration { return d.callTerms.Keep }

// KeyOverlap is how long a replaced secret of an exchange still counts.
func (d *Desk) KeyOverlap() time.Duration { return d.callTerms.Overlap }

// BlockCaller blocks a caller. One that is blocked already is blocked anew: the
// longer of the two counts.
func (d *Desk) BlockCaller(ctx context.Context, a Actor, in NewBlock, r Request) (BlockView, error) {
	if err := d.may(a, "caller.block"); err != nil {
		return BlockView{}, err
	}
	i := &inspection{now: d.Now()}
	kind, value, err := d.blocked(ctx, a, &in, i)
	if err != nil {
		return BlockView{}, err
	}
	term, ok := d.callTerms.term(in.Term)
	if !ok {
		i.Add("term", "unknown_value", "Choose one of the times.")
	}
	i.required("reason", &in.Reason, maxNote, "Say why.")
	if err := i.Err(); err != nil {
		return BlockView{}, err
	}
	id := d.idFor("block", r)
	_, err = d.Do(ctx, a, "caller.block", r, func(v *journal.View) (journal.Outcome, error) {
		b := &Block{
			Head: journal.Head{ID: id}, Kind: kind, Value: value, ValueKey: d.exactKey(kind, value), Term: term.Key, Reason: in.Reason, By: a.ID,
			Until: v.Now.Add(term.Lasts),
		}
		if term.Second && term.Lasts > d.callTerms.Alone {
			b.Asked, b.Until = b.Until, v.Now.Add(d.callTerms.Alone)
		}
		return journal.Outcome{Documents: []journal.Document{b}}, nil
	})
	if err != nil {
		return BlockView{}, err
	}
	return d.blockNow(ctx, a, id)
}

// blocked says what a block falls on.
func (d *Desk) blocked(ctx context.Context, a Actor, in *NewBlock, i *inspection) (kind, value string, err error) {
	chosen := 0
	for _, s := range []string{in.Phone, in.Email, in.CallID, in.ContactID} {
		if strings.TrimSpace(s) != "" {
			chosen++
		}
	}
	if chosen != 1 {
		i.Add("phone", "required", "Name one number, one address, one call or one contact.")
		return "", "", nil
	}
	switch {
	case in.CallID != "":
		c, err := d.Call(ctx, a, in.CallID)
		if err != nil {
			return "", "", err
		}
		in.Phone = c.From
	case in.ContactID != "":
		v, err := d.Contact(ctx, a, in.ContactID)
		if err != nil {
			return "", "", err
		}
		if v.Caller != nil && v.Caller.Phone != "" {
			in.Phone = v.Caller.Phone
		} else if v.Caller != nil {
			in.Email = v.Caller.Email
		}
	}
	if in.Email != "" {
		value = strings.ToLower(strings.TrimSpace(in.Email))
		if len(value) > maxNameText || !strings.Contains(strings.Trim(value, "@"), "@") {
			i.Add("email", "bad_email", "This is not an e-mail address.")
		}
		return blockEmail, value, nil
	}
	value, ok := internationalPhone(in.Phone)
	if !ok {
		i.Add("phone", "bad_phone", "Write the number with + and its country code, such as +38111000000.")
	}
	return blockPhone, value, nil
}

// ConfirmBlock agrees to the whole of a long block: another person than the one
// who asked for it.
func (d *Desk) ConfirmBlock(ctx context.Context, a Actor, id string, r Request) (BlockView, error) {
	return d.changeBlock(ctx, a, "caller.block_confirm", id, r, func(b Block, now time.Time) (*Block, error) {
		switch {
		case b.ConfirmedBy == a.ID:
			return nil, nil
		case b.Asked.IsZero() || !b.ConfirmedAt.IsZero():
			return nil, Errorf(Conflict, "This block needs nobody's agreement.")
		case !b.inForce(now):
			return nil, Errorf(Conflict, "This block has ended.")
		case a.Kind != KindPerson || a.ID == b.By:
			return nil, Errorf(Forbidden, "Another person than the one who blocked must agree to a long block.")
		}
		b.ConfirmedBy, b.ConfirmedAt, b.Until = a.ID, now, b.Asked
		return &b, nil
	})
}

// EndBlock ends a block before its time.
func (d *Desk) EndBlock(ctx context.Context, a Actor, id string, in EndBlock, r Request) (BlockView, error) {
	i := &inspection{}
	i.required("reason", &in.Reason, maxNote, "Say why.")
	if err := i.Err(); err != nil {
		return BlockView{}, err
	}
	return d.changeBlock(ctx, a, "caller.block", id, r, func(b Block, now time.Time) (*Block, error) {
		if !b.inForce(now) {
			return nil, nil
		}
		b.EndedBy, b.EndedAt, b.EndReason = a.ID, now, in.Reason
		return &b, nil
	})
}

func (d *Desk) changeBlock(ctx context.Context, a Actor, act, id string, r Request, rule func(Block, time.Time) (*Block, error)) (BlockView, error) {
	if err := d.may(a, act); err != nil {
		return BlockView{}, err
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Block](v, "blocks", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := rule(*old, v.Now)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return BlockView{}, err
	}
	return d.blockNow(ctx, a, id)
}

func (d *Desk) blockNow(ctx context.Context, a Actor, id string) (BlockView, error) {
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "blocks", ID: id})
	if err != nil {
		return BlockView{}, coded(err)
	}
	if err := d.Reads.Record(ctx, a, "blocks/"+id, callClasses()...); err != nil {
		return BlockView{}, err
	}
	return d.blockView(a, doc.(*Block)), nil
}

// Blocks returns the blocks in force, and with ended those that have ended and
// are still kept, the newest first.
func (d *Desk) Blocks(ctx context.Context, a Actor, ended bool) ([]BlockView, error) {
	out := []BlockView{}
	if err := d.may(a, "caller.block"); err != nil {
		return out, err
	}
	for _, b := range d.Board.Blocks() {
		if b.inForce(d.Now()) != ended {
			out = append(out, d.blockView(a, b))
		}
	}
	if err := d.Reads.Record(ctx, a, "blocks", callClasses()...); err != nil {
		return nil, err
	}
	return out, nil
}

// BlockOnContact returns the block in force on whoever a contact is from, nil
// for none.
func (d *Desk) BlockOnContact(a Actor, v *ContactView) *BlockView {
	if v.Caller == nil || !d.Matrix.Can(a.Role, "caller.block") {
		return nil
	}
	if number, ok := internationalPhone(v.Caller.Phone); ok {
		if b := d.Board.blockOn(d.exactKey(blockPhone, number), d.Now()); b != nil {
			shown := d.blockView(a, b)
			return &shown
		}
	}
	if v.Caller.Email != "" {
		if b := d.Board.blockOn(d.exactKey(blockEmail, strings.TrimSpace(v.Caller.Email)), d.Now()); b != nil {
			shown := d.blockView(a, b)
			return &shown
		}
	}
	return nil
}

func (d *Desk) blockView(a Actor, b *Block) BlockView {
	return viewBlock(d.lensOn(a, nil), b, d.Now())
}

func viewBlock(l lens, b *Block, now time.Time) BlockView {
	if !l.sees(Ref) {
		return BlockView{May: map[string]bool{}}
	}
	on := b.inForce(now)
	waits := on && !b.Asked.IsZero() && b.ConfirmedAt.IsZero()
	return BlockView{
		ID: b.ID, Kind: b.Kind, Term: b.Term, Value: only(l, b.Value, P6), Reason: only(l, b.Reason, P6), By: only(l, b.By, P10),
		InForce: on, Until: b.Until, Waits: waits, AskedUntil: b.Asked, ConfirmedBy: only(l, b.ConfirmedBy, P10), ConfirmedAt: b.ConfirmedAt,
		EndedBy: only(l, b.EndedBy, P10), EndedAt: b.EndedAt, EndReason: only(l, b.EndReason, P6),
		Version: b.Version, CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt,
		May: map[string]bool{
			"confirm": waits && l.matrix.Can(l.actor.Role, "caller.block_confirm") && l.actor.Kind == KindPerson && l.actor.ID != b.By,
			"end":     on && l.matrix.Can(l.actor.Role, "caller.block"),
		},
	}
}
