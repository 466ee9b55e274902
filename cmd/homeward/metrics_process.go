package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// gauge is a metric that is the sum of what the runtime keeps under some names.
// Names are those that the Prometheus client library for Go gives, so that
// dashboards made for it work.
type gauge struct {
	name, kind, help string
	of               []string
}

func runtimeGauges() []gauge {
	const heap, classes = "/gc/heap/", "/memory/classes/"
	inUse := []string{classes + "heap/objects:bytes", classes + "heap/unused:bytes"}
	idle := []string{classes + "heap/released:bytes", classes + "heap/free:bytes"}
	return []gauge{
		{"go_gc_gogc_percent", "gauge", "Heap size target percentage.", []string{"/gc/gogc:percent"}},
		{"go_gc_gomemlimit_bytes", "gauge", "Memory limit of the Go runtime.", []string{"/gc/gomemlimit:bytes"}},
		{"go_goroutines", "gauge", "Number of goroutines that currently exist.", []string{"/sched/goroutines:goroutines"}},
		{"go_memstats_alloc_bytes", "gauge", "Bytes in heap objects in use.", []string{classes + "heap/objects:bytes"}},
		{"go_memstats_alloc_bytes_total", "counter", "Bytes allocated in the heap until now.", []string{heap + "allocs:bytes"}},
		{"go_memstats_buck_hash_sys_bytes", "gauge", "Bytes of the profiling bucket hash table.", []string{classes + "profiling/buckets:bytes"}},
		{"go_memstats_frees_total", "counter", "Heap objects freed.", []string{heap + "frees:objects", heap + "tiny/allocs:objects"}},
		{"go_memstats_gc_sys_bytes", "gauge", "Bytes of garbage collection metadata.", []string{classes + "metadata/other:bytes"}},
		{"go_memstats_heap_alloc_bytes", "gauge", "Bytes in heap objects in use.", []string{classes + "heap/objects:bytes"}},
		{"go_memstats_heap_idle_bytes", "gauge", "Heap bytes waiting to be used.", idle},
		{"go_memstats_heap_inuse_bytes", "gauge", "Heap bytes in use.", inUse},
		{"go_memstats_heap_objects", "gauge", "Heap objects in use.", []string{heap + "objects:objects"}},
		{"go_memstats_heap_released_bytes", "gauge", "Heap bytes given back to the system.", []string{classes + "heap/released:bytes"}},
		{"go_memstats_heap_sys_bytes", "gauge", "Heap bytes got from the system.", append(inUse, idle...)},
		{"go_memstats_mallocs_total", "counter", "Heap objects allocated.", []string{heap + "allocs:objects", heap + "tiny/allocs:objects"}},
		{"go_memstats_mcache_inuse_bytes", "gauge", "Bytes of mcache structures in use.", []string{classes + "metadata/mcache/inuse:bytes"}},
		{"go_memstats_mcache_sys_bytes", "gauge", "Bytes of mcache structures.", []string{classes + "metadata/mcache/inuse:bytes", classes + "metadata/mcache/free:bytes"}},
		{"go_memstats_mspan_inuse_bytes", "gauge", "Bytes of mspan structures in use.", []string{classes + "metadata/mspan/inuse:bytes"}},
		{"go_memstats_mspan_sys_bytes", "gauge", "Bytes of mspan structures.", []string{classes + "metadata/mspan/inuse:bytes", classes + "metadata/mspan/free:bytes"}},
		{"go_memstats_next_gc_bytes", "gauge", "Heap bytes at which the next collection starts.", []string{heap + "goal:bytes"}},
		{"go_memstats_other_sys_bytes", "gauge", "Bytes of other system allocations.", []string{classes + "other:bytes"}},
		{"go_memstats_stack_inuse_bytes", "gauge", "Bytes of stacks in use.", []string{classes + "heap/stacks:bytes"}},
		{"go_memstats_stack_sys_bytes", "gauge", "Bytes of stacks.", []string{classes + "heap/stacks:bytes", classes + "os-stacks:bytes"}},
		{"go_memstats_sys_bytes", "gauge", "Bytes got from the system.", []string{classes + "total:bytes"}},
		{"go_sched_gomaxprocs_threads", "gauge", "Threads that may run Go code at once.", []string{"/sched/gomaxprocs:threads"}},
		{"go_threads", "gauge", "Threads of the Go runtime.", []string{"/sched/threads/total:threads"}},
	}
}

// runtime writes what the Go runtime knows of itself.
func (p *exposition) runtime() {
	p.head("go_info", "gauge", "Version of Go that this was built with.")
	fmt.Fprintf(p, "go_info{version=\"%s\"} 1\n", labelValue(runtime.Version()))
	p.pauses()
	for _, g := range runtimeGauges() {
		sum := 0.0
		for _, name := range g.of {
			sample := []metrics.Sample{{Name: name}}
			metrics.Read(sample)
			if sample[0].Value.Kind() == metrics.KindUint64 {
				sum += float64(sample[0].Value.Uint64())
			}
		}
		p.value(g.name, g.kind, g.help, sum)
	}
}

// pauses writes how long collections stopped everything else.
func (p *exposition) pauses() {
	s := debug.GCStats{PauseQuantiles: make([]time.Duration, 5)}
	debug.ReadGCStats(&s)
	const name = "go_gc_duration_seconds"
	p.head(name, "summary", "Pauses of garbage collection.")
	for i, q := range s.PauseQuantiles {
		fmt.Fprintf(p, "%s{quantile=\"%s\"} %s\n", name, number(float64(i)/4), number(q.Seconds()))
	}
	fmt.Fprintf(p, "%s_sum %s\n%s_count %d\n", name, number(s.PauseTotal.Seconds()), name, s.NumGC)
	p.value("go_memstats_last_gc_time_seconds", "gauge", "When the last collection ended, in seconds since 1970.", max(0, float64(s.LastGC.UnixNano())/1e9))
}

// process writes what the system knows of this process. Where there is no
// /proc it says less.
func (p *exposition) process() {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) == nil {
		p.value("process_cpu_seconds_total", "counter", "Processor time spent, in seconds.", float64(used.Utime.Nano()+used.Stime.Nano())/1e9)
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		p.value("process_max_fds", "gauge", "Most open file descriptors.", float64(limit.Cur))
	}
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) == nil {
		p.value("process_virtual_memory_max_bytes", "gauge", "Most virtual memory.", float64(limit.Cur))
	}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		p.value("process_open_fds", "gauge", "Open file descriptors.", float64(len(open)))
	}
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return
	}
	// Fields are counted from behind the name, which may hold spaces.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	field := func(i int) float64 { // numbered as in proc(5)
		v, err := strconv.ParseFloat(fields[i-3], 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	if len(fields) > 24-3 {
		p.value("process_resident_memory_bytes", "gauge", "Resident memory.", field(24)*float64(os.Getpagesize()))
		p.value("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.", bootTime()+field(22)/ticks)
		p.value("process_virtual_memory_bytes", "gauge", "Virtual memory.", field(23))
	}
}

// ticks is how many clock ticks /proc counts a second, on every Linux.
const ticks = 100

func bootTime() float64 {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return math.NaN()
	}
	for line := range strings.Lines(string(stat)) {
		if rest, ok := strings.CutPrefix(line, "btime "); ok {
			if v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64); err == nil {
				return v
			}
		}
	}
	return math.NaN()
}
