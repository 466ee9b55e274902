package demo_test

import "testing"

func TestLoad(t *testing.T) {
	t.Parallel()
	c := load(t)
	t.Log(c.Links, c.Token)
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
