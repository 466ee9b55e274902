package handon

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"homeward/realtime/webhook"
)

// Webhook hands each frame to a program in the form of Standard Webhooks.
type Webhook struct {
	url, secret string
	sender      *webhook.Sender
	now         func() time.Time
}

// NewWebhook returns a handler that signs with a secret of the form
// whsec_BASE64. Unlike the server's own webhooks it reaches this machine and
// private networks: whoever runs the listener has named the address.
func NewWebhook(address, secret string, now func() time.Time) (*Webhook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%w: the address is not one such as http://127.0.0.1:9000/alerts", ErrWebhook)
	}
	if _, err := webhook.Sign([]string{secret}, "check", now(), nil); err != nil || !strings.HasPrefix(secret, "whsec_") {
		return nil, fmt.Errorf("%w: its secret is not of the form whsec_BASE64", ErrWebhook)
	}
	return &Webhook{address, secret, webhook.New(webhook.Options{Allow: nearby(), Agent: "Homeward listen"}), now}, nil
}

// nearby are the networks that are not of the public Internet.
func nearby() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// Hand makes one attempt. A frame that is handed on again keeps its id.
func (w *Webhook) Hand(ctx context.Context, f Frame) error {
	id, err := frameID(f.Line)
	if err != nil {
		return err
	}
	_, err = w.sender.Send(ctx, webhook.Message{ID: id, URL: w.url, Secrets: []string{w.secret}, At: w.now(), Body: f.Line})
	var failed *webhook.Error
	if errors.As(err, &failed) && (failed.Final || failed.Gone || errors.Is(err, webhook.ErrAddress)) {
		return fmt.Errorf("%w: %w", ErrWebhook, err)
	}
	return err
}

// frameID is the same for a frame however often it comes: its cursor is sealed
// anew each time, and all else in it stays.
func frameID(line []byte) (string, error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(line, &parts); err != nil {
		return "", fmt.Errorf("read frame: %w", err)
	}
	delete(parts, "cursor")
	plain, err := json.Marshal(parts) // in the order of their names
	if err != nil {
		return "", fmt.Errorf("read frame: %w", err)
	}
	sum := sha256.Sum256(plain)
	return "frame_" + base64.RawURLEncoding.EncodeToString(sum[:18]), nil
}
