package journal

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// seeds says how many histories a test runs, and where the first one is.
func seeds(t *testing.T, quick uint64) (first, count uint64) {
	t.Helper()
	if text := os.Getenv("HOMEWARD_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("HOMEWARD_SEED: %v", err)
		}
		return seed, 1
	}
	if os.Getenv("HOMEWARD_FAULTS") == "full" {
		return 1, 30 * quick
	}
	return 1, max(quick/slow, 5)
}

func TestSimulation(t *testing.T) {
	t.Parallel()
	first, count := seeds(t, 300)
	changes := 0
	for seed := first; seed < first+count; seed++ {
		wrong, s := simulate(t, seed, "")
		if wrong != "" {
			t.Fatalf("seed %d: %s\nreplay with HOMEWARD_SEED=%d\n%s", seed, wrong, seed, strings.Join(s.trace, "\n"))
		}
		changes += len(s.model.changes)
	}
	t.Logf("%d histories from seed %d, %d changes", count, first, changes)
}

// One seed must be one history, or a failure could not be looked at again.
func TestSimulationRepeats(t *testing.T) {
	t.Parallel()
	first, count := seeds(t, 20)
	for seed := first; seed < first+count; seed++ {
		_, a := simulate(t, seed, "")
		_, b := simulate(t, seed, "")
		for i := range min(len(a.trace), len(b.trace)) {
			if a.trace[i] != b.trace[i] {
				t.Fatalf("seed %d: step %d is %q, then %q", seed, i, a.trace[i], b.trace[i])
			}
		}
		if len(a.trace) != len(b.trace) {
			t.Fatalf("seed %d: %d steps, then %d", seed, len(a.trace), len(b.trace))
		}
	}
}

// Each of these breaks one protection on purpose. A simulation that finds
// nothing proves something only if it finds these.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	const within = 400
	for _, plant := range []string{
		"acknowledge before storing",
		"a place is overwritten",
		"lost reply taken for a failure",
		"keys not flushed",
		"keys overwritten",
		"settling does not compare numbers",
		"strip before copying",
		"no tombstones",
		"board keeps only the last of a batch",
		"mark read after the documents",
		"requests forgotten at start",
		"refusal without catching up",
		"rule reads the board, not the view",
		"rule ignores what is pending",
	} {
		t.Run(plant, func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= within; seed++ {
				if wrong, _ := simulate(t, seed, plant); wrong != "" {
					t.Logf("%s: seed %d: %s", plant, seed, wrong)
					return
				}
			}
			t.Errorf("not found in %d histories", within)
		})
	}
}
