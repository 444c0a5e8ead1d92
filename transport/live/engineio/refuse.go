package engineio

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Refusal says why a request was answered with an error.
type Refusal string

// The refusals.
const (
	UnknownTransport   Refusal = "unknown_transport"
	UnknownSession     Refusal = "unknown_session"
	BadHandshakeMethod Refusal = "bad_handshake_method"
	BadRequest         Refusal = "bad_request"
	Overlapping        Refusal = "overlapping" // two polls, or two POSTs, at a time
	Forbidden          Refusal = "forbidden"
	UnsupportedVersion Refusal = "unsupported_version"
	PayloadTooLarge    Refusal = "payload_too_large"
	Unavailable        Refusal = "unavailable"
)

// answer is the status and the body of a refusal; codes are the protocol's.
func (c Refusal) answer() (status, code int, message string) {
	switch c {
	case UnknownTransport:
		return http.StatusBadRequest, 0, "Transport unknown"
	case UnknownSession:
		return http.StatusBadRequest, 1, "Session ID unknown"
	case BadHandshakeMethod:
		return http.StatusBadRequest, 2, "Bad handshake method"
	case Forbidden:
		return http.StatusForbidden, 4, "Forbidden"
	case UnsupportedVersion:
		return http.StatusBadRequest, 5, "Unsupported protocol version"
	case PayloadTooLarge:
		return http.StatusRequestEntityTooLarge, 3, "Payload too large"
	case Unavailable:
		return http.StatusServiceUnavailable, 3, "Service unavailable"
	}
	return http.StatusBadRequest, 3, "Bad request"
}

func (srv *Server) refuse(w http.ResponseWriter, cause Refusal) {
	srv.config.Refused(cause)
	status, code, message := cause.answer()
	body, _ := json.Marshal(struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{code, message}) // a number and a string
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	if cause == Unavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away cannot be told
}
