package journal

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Options are the parts a journal is made of.
type Options struct {
	Backend Backend
	Codec   Codec
	Boards  []Board
	// Now is the clock and Random the source of tokens and salts; nil means
	// the machine's.
	Now    func() time.Time
	Random io.Reader
	Log    *slog.Logger
	// Rows names the collections of which boards want rows, not documents.
	Rows map[string]bool
	// Shared says that other nodes write to the same backend, so that a rule
	// that refuses is asked again after catching up.
	Shared bool
}

// BatchSize is the largest number of commands that one append carries.
const BatchSize = 256

// RequestsKept is how long a request is remembered.
const RequestsKept = 48 * time.Hour

// Journal is one node's view of the journal. It is safe for concurrent use.
type Journal struct {
	o     Options
	queue chan *waiting
	quit  chan struct{}
	once  sync.Once
	ended chan struct{}

	// mu is held while changes are decided, appended and installed, so that
	// own changes and those of other nodes are installed in one order.
	mu       sync.Mutex
	tip      Position
	requests requests
	recent   recent

	// position mirrors tip for readers; moved is closed and replaced whenever
	// it rises.
	position atomic.Pointer[reached]
	// ahead holds the numbers of documents that were installed in a later state
	// than the change that named them. j.mu guards it.
	ahead map[Key]uint64

	lastRead lastRead

	subscribers []func([]Installed)
	settle      chan struct{}
	failure     atomic.Pointer[error]
	failed      chan struct{}
	// refused is why the store takes in no more documents, nil while it does;
	// refusals counts the rounds in a row that found so, for the one goroutine
	// that settles.
	refused  atomic.Pointer[error]
	refusals int
}

type reached struct {
	Position
	moved chan struct{}
}

type waiting struct {
	command Command
	answer  chan answer
	// again says that a refusal was already put off until after catching up.
	again bool
}

type answer struct {
	done Done
	err  error
}

// Open loads the documents and the unsettled tail onto the boards and starts
// the writer. Nothing is replayed: outcomes are installed as they are.
func Open(ctx context.Context, o Options) (*Journal, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	j := &Journal{
		o:      o,
		queue:  make(chan *waiting, 4*BatchSize),
		quit:   make(chan struct{}),
		ended:  make(chan struct{}),
		settle: make(chan struct{}, 1),
		failed: make(chan struct{}),
	}
	j.ahead = map[Key]uint64{}
	j.requests.known = map[string]remembered{}
	j.recent.documents = map[Key]Document{}
	j.recent.numbers = map[Key]uint64{}
	j.position.Store(&reached{moved: make(chan struct{})})
	if err := j.load(ctx); err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	go j.write()
	return j, nil
}

// Subscribe calls fn with every batch that is installed from now on, before the
// writers of the batch are answered. fn must not block and must not call the
// journal.
func (j *Journal) Subscribe(fn func([]Installed)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.subscribers = append(j.subscribers, fn)
}

// Do decides a command, writes its outcome and returns when the outcome is on
// the boards. An error of the rule comes back as it is. When ctx ends first the
// outcome is unknown to the caller, and the error is ctx's.
func (j *Journal) Do(ctx context.Context, c Command) (Done, error) {
	if err := ctx.Err(); err != nil {
		return Done{}, err
	}
	select {
	case <-j.quit:
		return Done{}, j.stopped()
	case <-j.failed:
		return Done{}, j.stopped()
	default:
	}
	if p := j.refused.Load(); p != nil {
		return Done{}, *p
	}
	w := &waiting{command: c, answer: make(chan answer, 1)}
	select {
	case j.queue <- w:
	case <-j.quit:
		return Done{}, j.stopped()
	case <-j.failed:
		return Done{}, j.stopped()
	case <-ctx.Done():
		return Done{}, ctx.Err()
	}
	return j.answered(ctx, w)
}

// answered waits for the writer's answer. An answer that is there goes before
// the news that the caller's time is up or that the writer has ended.
func (j *Journal) answered(ctx context.Context, w *waiting) (Done, error) {
	err := ctx.Err
	select {
	case a := <-w.answer:
		return a.done, a.err
	case <-ctx.Done():
	case <-j.ended:
		err = j.stopped
	}
	select {
	case a := <-w.answer:
		return a.done, a.err
	default:
		return Done{}, err()
	}
}

func (j *Journal) stopped() error {
	if p := j.failure.Load(); p != nil {
		return *p
	}
	return ErrStopped
}

// Failed is closed when the store broke while writing: the process should stop
// and be started again. Err tells why.
func (j *Journal) Failed() <-chan struct{} { return j.failed }

// Err returns why the journal stopped by itself, nil while it has not.
func (j *Journal) Err() error {
	if p := j.failure.Load(); p != nil {
		return *p
	}
	return nil
}

func (j *Journal) fail(err error) {
	if j.failure.CompareAndSwap(nil, &err) {
		close(j.failed)
	}
}

// Close refuses new commands, finishes the ones that wait, and returns when the
// writer has ended.
func (j *Journal) Close() {
	j.once.Do(func() { close(j.quit) })
	<-j.ended
}

// Tip returns the position of the last change installed here.
func (j *Journal) Tip() Position { return j.position.Load().Position }

// Wait returns when the change with this number is installed here, or with the
// error of ctx.
func (j *Journal) Wait(ctx context.Context, number uint64) error {
	for {
		r := j.position.Load()
		if r.Number >= number {
			return nil
		}
		select {
		case <-r.moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Renew returns when everything that the store held when it was called is
// installed here, for what must not be refused only because another node knew of
// it a moment earlier. What this process alone writes to is always up to date.
// Those who ask while the store is being read share the reading after that one,
// so that there is never more than one under way. The error is the store's or
// ctx's.
func (j *Journal) Renew(ctx context.Context) error {
	if !j.o.Shared {
		return nil
	}
	last, err := j.last(ctx)
	if err != nil {
		return err
	}
	return j.Wait(ctx, last)
}

// lastRead is the last number that was read in the store, for everybody who asked
// before the reading began.
type lastRead struct {
	asked atomic.Uint64 // counts those who asked

	mu     sync.Mutex // held while the store is read
	upTo   uint64     // who asked up to this one is answered by number
	number uint64
}

func (j *Journal) last(ctx context.Context) (uint64, error) {
	l := &j.lastRead
	mine := l.asked.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.upTo >= mine {
		return l.number, nil
	}
	upTo := l.asked.Load()
	number, err := j.o.Backend.Last(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the last number: %w", err)
	}
	l.upTo, l.number = upTo, number
	return number, nil
}

// At returns the position of a number that has been installed here: its chain
// hash is read from the store. A number past the tip is ErrNotFound.
func (j *Journal) At(ctx context.Context, number uint64) (Position, error) {
	tip := j.Tip()
	switch {
	case number == tip.Number:
		return tip, nil
	case number == 0:
		return Position{}, nil
	case number > tip.Number:
		return Position{}, ErrNotFound
	}
	changes, err := j.o.Backend.Changes(ctx, number-1, 1)
	if err != nil {
		return Position{}, fmt.Errorf("read change %d: %w", number, err)
	}
	if len(changes) == 0 || changes[0].Number != number {
		return Position{}, ErrNotFound
	}
	return Position{number, changes[0].Chain}, nil
}

// Healthy reports an error when the journal does not take commands.
func (j *Journal) Healthy() error {
	select {
	case <-j.ended:
		return j.stopped()
	default:
	}
	for _, p := range []*error{j.failure.Load(), j.refused.Load()} {
		if p != nil {
			return *p
		}
	}
	return nil
}
