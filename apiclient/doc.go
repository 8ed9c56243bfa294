// Package apiclient speaks to Toggl Track and Toggl Focus: one typed method per
// operation of the two contracts, named by its operationId.
//
// A Factory lives as long as the process and owns what outlives a request: the
// pace, the remembered quota and the cache of each credential. A Client is made
// per request from a session's credentials and costs next to nothing.
//
// Values that a Client returns may be shared with other requests through the
// cache. Callers must not modify them, nor what their slices, maps and pointers
// lead to.
package apiclient
