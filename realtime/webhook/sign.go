package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// prefix begins every secret.
const prefix = "whsec_"

// Sign returns the webhook-signature header for a message: one signature for
// each secret, newest first, with spaces between. A secret that is not of the
// form whsec_BASE64 is an error.
func Sign(secrets []string, id string, at time.Time, body []byte) (string, error) {
	var out []string
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, prefix))
		if err != nil || len(key) == 0 {
			return "", errors.New("a webhook's secret is not of the form whsec_BASE64")
		}
		h := hmac.New(sha256.New, key)
		h.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		h.Write(body)
		out = append(out, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	if len(out) == 0 {
		return "", errors.New("a webhook needs a secret to sign with")
	}
	return strings.Join(out, " "), nil
}
