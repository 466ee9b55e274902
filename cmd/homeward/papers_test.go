package main

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/alerts/paper"
)

// upload sends bytes as they are.
func (n *node) upload(path, token, kind string, content []byte) int {
	n.tb.Helper()
	q, err := http.NewRequestWithContext(n.tb.Context(), "POST", n.address+"/api/v1"+path, bytes.NewReader(content))
	if err != nil {
		n.tb.Fatal(err)
	}
	q.Header.Set("Content-Type", kind)
	q.Header.Set("Authorization", "Bearer "+token)
	answer, err := n.client.Do(q)
	if err != nil {
		n.tb.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

// TestPapersOnEveryStore puts an application together on one node and fetches
// it from the other.
func TestPapersOnEveryStore(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		coordinator := a.as("coordinator", alerts.RoleCoordinator)
		caseID, _ := a.openCase()
		m := a.must("POST", "/cases/"+caseID+"/abduction", coordinator, object{
			"kind": "removal", "wrongful_date": a.w.now().AddDate(0, -2, 0).Format("2006-01-02"), "from_state": "RS", "to_state": "HU", "legal_route": "hague1980",
		})
		at := "/abductions/" + m["id"].(string)
		p := paper.New(paper.Options{})
		p.Text("Odluka suda, одлука суда")
		scan, err := p.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if status := a.upload(at+"/papers/custody_decision/files", coordinator, "application/pdf", scan); status != http.StatusCreated {
			t.Fatalf("upload: %d", status)
		}
		a.must("POST", at+"/letters", coordinator, object{"template": "cover", "language": "sr-Cyrl", "addressee": "Орган", "subject": "Захтев", "body": "Поштовани"})
		a.must("POST", at+"/bundles", coordinator, object{"recipient": "central_authority", "language": "sr-Cyrl", "letter": 1})
		until(t, "the other node has the bundle", func() bool {
			status, _, _ := b.do("GET", "/api/v1"+at+"/bundles/1/bundle.pdf", coordinator, nil)
			return status == http.StatusOK
		})
		status, archive, _ := b.do("GET", "/api/v1"+at+"/bundles/1/bundle.zip", coordinator, nil)
		z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
		if status != http.StatusOK || err != nil || len(z.File) != 4 || !strings.HasSuffix(z.File[3].Name, "custody-decision-1.pdf") {
			t.Fatalf("%d %v", status, err)
		}
		until(t, "everything is settled and verified", func() bool {
			var out bytes.Buffer
			return verify(t.Context(), a.w.store, nil, &out) == nil
		})
	})
}
