package domain

import "strings"

// Kind classes an Error by what its cause can do about it; each transport maps it to its own status.
type Kind int

// The kinds of Error. Whatever is not an *Error is internal and is never shown.
const (
	Invalid            Kind = iota + 1 // the input breaks a rule; Fields says which
	NotFound                           // no such thing, or not the collector's
	Conflict                           // contradicts what is stored, such as a reused key
	PreconditionFailed                 // the version that the caller expected is not the present one
	Forbidden                          // known, but not allowed
	Unavailable                        // cannot be done now; worth a retry
)

// Error is a failure that a caller caused or can act upon. Msg and Fields are shown to callers: they hold no
// internals.
type Error struct {
	Kind   Kind
	Msg    string
	Fields []FieldError // of Invalid only, in the order of the fields
}

// FieldError is one broken rule of one field. Field is the wire name, with dots into nested objects
// ("parts.owned").
type FieldError struct {
	Field   string
	Message string
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Msg
	}
	rules := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		rules[i] = f.Field + " " + f.Message
	}
	return e.Msg + ": " + strings.Join(rules, "; ")
}

// Is makes errors.Is compare kind and message, so that the package's error values match where they were wrapped.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Kind == e.Kind && other.Msg == e.Msg
}

// Errors that more than one rule or command returns.
var (
	ErrMOCNotFound          = &Error{Kind: NotFound, Msg: "no such MOC"}
	ErrSetNotFound          = &Error{Kind: NotFound, Msg: "no such set"}
	ErrWishlistItemNotFound = &Error{Kind: NotFound, Msg: "no such wishlist item"}
	ErrVersionMismatch      = &Error{Kind: PreconditionFailed, Msg: "it was changed meanwhile: read it again and repeat the change on what you see"}
	ErrKeyReused            = &Error{Kind: Conflict, Msg: "this Idempotency-Key was used with another body"}
)

// invalid returns nil when there is no broken rule.
func invalid(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Msg: "some fields are not valid", Fields: fields}
}
