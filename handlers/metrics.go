package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// metrics count requests by route template and calls of Toggl by operation:
// never by address or person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	calls    *prometheus.CounterVec
	callTime *prometheus.HistogramVec
	quota    *prometheus.GaugeVec
	reads    *prometheus.CounterVec
	steps    *prometheus.CounterVec
	// securityEvents are whatever looks like somebody pretending to be another.
	securityEvents *prometheus.CounterVec
}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_http_requests_total", Help: "Requests answered, by route template, method and status.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roster_http_request_seconds", Help: "Time to answer a request, in seconds.", Buckets: []float64{.0005, .001, .005, .025, .1, .5, 2, 10},
		}, []string{"route"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_toggl_calls_total", Help: "HTTP requests sent to Toggl, by operation and status; status 0 is no answer.",
		}, []string{"api", "operation", "status"}),
		callTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roster_toggl_call_seconds", Help: "Time of an HTTP request to Toggl, in seconds.", Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 15},
		}, []string{"api", "operation"}),
		quota: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "roster_toggl_quota_remaining", Help: "Requests left this hour when Toggl last answered, whoever had asked, by organization.",
		}, []string{"api", "organization"}),
		reads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_reads_total", Help: "Reads that pages asked for, by where the answer came from: cache, toggl, stale or none.",
		}, []string{"api", "operation", "from"}),
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_change_set_steps_total", Help: "Steps of change sets that came to an end, by how.",
		}, []string{"state"}),
		securityEvents: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_security_events_total", Help: "Requests whose identity, token or logout did not hold, by what was wrong.",
		}, []string{"event"}),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "roster_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	info.Set(1)
	m.registry.MustRegister(m.requests, m.duration, m.calls, m.callTime, m.quota, m.reads, m.steps, m.securityEvents, info,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observeRequest(c echo.Context, took time.Duration) {
	route := c.Path()
	m.requests.WithLabelValues(route, methodLabel(c.Request().Method), strconv.Itoa(c.Response().Status)).Inc()
	m.duration.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) observeCall(call apiclient.Call) {
	m.calls.WithLabelValues(call.API, call.Operation, strconv.Itoa(call.Status)).Inc()
	m.callTime.WithLabelValues(call.API, call.Operation).Observe(call.Duration.Seconds())
	if call.Remaining >= 0 {
		m.quota.WithLabelValues(call.API, strconv.FormatInt(call.OrganizationID, 10)).Set(float64(call.Remaining))
	}
}

func (m *metrics) observeRead(read apiclient.Read) {
	m.reads.WithLabelValues(read.API, read.Operation, read.From).Inc()
}

// A countedJournal counts the steps that come to an end.
type countedJournal struct {
	changes.Journal
	steps *prometheus.CounterVec
}

// EndSteps writes down what became of steps, and counts those that are written.
func (j countedJournal) EndSteps(ctx context.Context, setID, holder string, results []store.StepResult) error {
	if err := j.Journal.EndSteps(ctx, setID, holder, results); err != nil {
		return err
	}
	for i := range results {
		j.steps.WithLabelValues(results[i].State).Inc()
	}
	return nil
}

// methodLabel keeps invented methods from growing the metrics without bound.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	default:
		return "other"
	}
}

// Metrics serves Prometheus metrics; mount it on a listener of its own.
func (h *Handlers) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(http.MethodGet+" "+views.PathMetrics, promhttp.HandlerFor(h.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}
