package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"homeward/journal"
)

// Codes that MongoDB gives for commands it has not carried out.
const (
	codeUnauthorized         = 13
	codeAuthenticationFailed = 18
)

// explain makes a sentence of an error of the first contact with a server.
func (m *Mongo) explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	text := err.Error()
	var command mongo.CommandError
	code := int32(0)
	if errors.As(err, &command) {
		code = command.Code
	}
	switch {
	case code == codeAuthenticationFailed, strings.Contains(text, "auth error"), strings.Contains(text, "AuthenticationFailed"):
		return fmt.Errorf("the MongoDB server at %s refuses the user name or the password; check both, and authSource in the address (%w)", m.address, errRefused)
	case code == codeUnauthorized:
		return fmt.Errorf("the MongoDB user may not use the databases %s and %s; give it the role readWrite on both (%w)", m.db.Name(), m.keys.Name(), errRefused)
	case strings.Contains(text, "wire version"):
		return fmt.Errorf("the MongoDB server at %s is too old; homeward needs MongoDB 4.4 or newer (%w)", m.address, errRefused)
	case strings.Contains(text, "lookup "):
		return fmt.Errorf("the name of the MongoDB server %s is not known; check the address (%w)", m.address, errUnreachable)
	case strings.Contains(text, "tls") || strings.Contains(text, "x509"):
		return fmt.Errorf("no secure connection to the MongoDB server at %s: %w", m.address, err)
	case notSent(err), mongo.IsTimeout(err), mongo.IsNetworkError(err):
		return fmt.Errorf("no MongoDB server answers at %s as primary; check that it runs%s, and that the address and the firewall are right (%w)", m.address, m.hint, errUnreachable)
	}
	return fmt.Errorf("MongoDB at %s: %w", m.address, err)
}

var (
	errRefused     = errors.New("the server refused")
	errUnreachable = errors.New("the server is not reachable")
)

// notSent tells that the command never left this process.
func notSent(err error) bool {
	var selection topology.ServerSelectionError
	var queue topology.WaitQueueTimeoutError
	return errors.As(err, &selection) || errors.As(err, &queue) || errors.Is(err, mongo.ErrClientDisconnected)
}

// appended tells what an ordered insert of count changes came to: how many are
// in, and which error that is.
func appended(count int, err error) (int, error) {
	if err == nil {
		return count, nil
	}
	var bulk mongo.BulkWriteException
	switch {
	case notSent(err):
		return 0, err
	case errors.As(err, &bulk) && bulk.WriteConcernError == nil && len(bulk.WriteErrors) > 0:
		first := bulk.WriteErrors[0]
		if !first.HasErrorCode(11000) {
			return first.Index, err
		}
		return first.Index, fmt.Errorf("%w: %w", journal.ErrTaken, err)
	case refused(err):
		return 0, err
	}
	return 0, fmt.Errorf("%w: %w", journal.ErrUnknown, err)
}

// refused tells that the server would not begin the command.
func refused(err error) bool {
	var command mongo.CommandError
	return errors.As(err, &command) && (command.Code == codeUnauthorized || command.Code == codeAuthenticationFailed)
}

// onlyDuplicates tells that nothing failed in a bulk write but upserts that
// found a newer document in their place.
func onlyDuplicates(err error) bool {
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil {
		return false
	}
	for _, w := range bulk.WriteErrors {
		if !w.HasErrorCode(11000) {
			return false
		}
	}
	return len(bulk.WriteErrors) > 0
}
