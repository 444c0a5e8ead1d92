package rest

import (
	"errors"
	"net/http"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/transport/auth"
)

// httpError is a failure that only HTTP knows.
type httpError struct {
	status int
	code   ProblemCode
	detail string
}

func (e *httpError) Error() string { return e.detail }

// What requests can do wrong before they reach the domain.
var (
	errNoSuchPath       = &domain.Error{Kind: domain.NotFound, Msg: "there is nothing here"}
	errNoCollector      = &domain.Error{Kind: domain.NotFound, Msg: "no such collector"}
	errForeignOrigin    = &domain.Error{Kind: domain.Forbidden, Msg: "a request that rides on the cookie must come from an allowed origin"}
	errOtherDashboard   = &domain.Error{Kind: domain.Forbidden, Msg: "another collector's dashboard wants the scope dashboard:read:any"}
	errNotReady         = &domain.Error{Kind: domain.Unavailable, Msg: "the service is not ready"}
	errNoBearer         = &httpError{http.StatusUnauthorized, "UNAUTHORIZED", "this wants a Bearer token"}
	errMethodNotAllowed = &httpError{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "this method is not for this path: see Allow"}
	errMediaType        = &httpError{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json in UTF-8, not compressed"}
	errTooLarge         = &httpError{http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "the body is too large"}
)

// badRequest is a request that cannot be understood.
func badRequest(msg string) error {
	return &domain.Error{Kind: domain.Invalid, Msg: msg}
}

// problemOf is the one map from errors to answers.
func problemOf(err error) Problem {
	var known *domain.Error
	var ofHTTP *httpError
	switch {
	case errors.As(err, &ofHTTP):
		return problem(ofHTTP.status, ofHTTP.code, ofHTTP.detail)
	case errors.Is(err, auth.ErrUnauthorized):
		return problem(http.StatusUnauthorized, "UNAUTHORIZED", "this wants a valid token")
	case errors.As(err, &known):
		return problemOfKind(known)
	case unavailable(err):
		return problem(http.StatusServiceUnavailable, "UNAVAILABLE", "this cannot be done now: try again")
	default:
		return problem(http.StatusInternalServerError, "INTERNAL", "internal error")
	}
}

func problemOfKind(e *domain.Error) Problem {
	switch e.Kind {
	case domain.Invalid:
		if len(e.Fields) > 0 {
			return problemOfFields(e)
		}
		return problem(http.StatusBadRequest, "BAD_REQUEST", e.Msg)
	case domain.NotFound:
		return problem(http.StatusNotFound, "NOT_FOUND", e.Msg)
	case domain.Conflict:
		return problem(http.StatusConflict, "CONFLICT", e.Msg)
	case domain.PreconditionFailed:
		return problem(http.StatusPreconditionFailed, "PRECONDITION_FAILED", e.Msg)
	case domain.Forbidden:
		return problem(http.StatusForbidden, "FORBIDDEN", e.Msg)
	case domain.Unavailable:
		return problem(http.StatusServiceUnavailable, "UNAVAILABLE", e.Msg)
	default:
		return problem(http.StatusInternalServerError, "INTERNAL", "internal error")
	}
}

func problemOfFields(e *domain.Error) Problem {
	fields := make([]FieldError, len(e.Fields))
	for i, f := range e.Fields {
		fields[i] = FieldError{Field: f.Field, Message: f.Message}
	}
	p := problem(http.StatusBadRequest, "VALIDATION_FAILED", e.Msg)
	p.Errors = &fields
	return p
}

func problem(status int, code ProblemCode, detail string) Problem {
	return Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}
