package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/brickboard/brickboard/domain"
)

const (
	maxFieldErrors = 20 // named in one answer
	maxFieldName   = 64 // bytes of an unknown name that are told back
)

// nullableText is a field that may be absent, null or text.
type nullableText struct {
	Present bool
	Value   *string // nil: null
}

// decode reads a well-formed JSON object into a T, a type of the contract. It is stricter than encoding/json: names are
// compared exactly, and unknown, repeated, null and missing fields are errors, all of which are named.
func decode[T any](raw []byte) (body T, err error) {
	var d decoder
	d.object(raw, reflect.ValueOf(&body).Elem(), "")
	if len(d.broken) > 0 {
		return body, &domain.Error{Kind: domain.Invalid, Msg: "some fields are not valid", Fields: d.broken}
	}
	return body, nil
}

type decoder struct{ broken []domain.FieldError }

func (d *decoder) refuse(field, message string) {
	if len(d.broken) < maxFieldErrors {
		d.broken = append(d.broken, domain.FieldError{Field: field, Message: message})
	}
}

// object reads a JSON object into a struct. prefix is where it stands, with a dot at its end.
func (d *decoder) object(raw []byte, into reflect.Value, prefix string) {
	fields, required := fieldsOf(into)
	given := map[string]bool{}
	in := json.NewDecoder(bytes.NewReader(raw)) // its errors cannot come: the JSON is valid
	_, _ = in.Token()
	for in.More() {
		token, _ := in.Token()
		name, _ := token.(string)
		var value json.RawMessage
		_ = in.Decode(&value)
		switch field, known := fields[name]; {
		case !known:
			d.refuse(prefix+shortened(name), "is not a field of this body")
		case given[name]:
			d.refuse(prefix+name, "must not be there twice")
		default:
			given[name] = true
			d.value(value, field, prefix+name)
		}
	}
	for _, name := range required {
		if !given[name] {
			d.refuse(prefix+name, "must be there")
		}
	}
}

// fieldsOf gives a struct's fields by their wire names, and those that the contract requires, in their order.
func fieldsOf(into reflect.Value) (fields map[string]reflect.Value, required []string) {
	fields = make(map[string]reflect.Value, into.NumField())
	for i := range into.NumField() {
		name, options, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
		fields[name] = into.Field(i)
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	return fields, required
}

func (d *decoder) value(raw json.RawMessage, into reflect.Value, field string) {
	null := string(raw) == "null"
	if nullable, ok := into.Addr().Interface().(*nullableText); ok {
		nullable.Present = true
		if null {
			return
		}
		into = reflect.ValueOf(&nullable.Value).Elem()
	}
	if null {
		d.refuse(field, "must not be null")
		return
	}
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	switch into.Kind() {
	case reflect.Struct:
		d.nested(raw, into, field)
	case reflect.Int:
		d.number(raw, into, field)
	default:
		if json.Unmarshal(raw, into.Addr().Interface()) != nil {
			d.refuse(field, "must be text")
		}
	}
}

func (d *decoder) nested(raw json.RawMessage, into reflect.Value, field string) {
	if raw[0] != '{' {
		d.refuse(field, "must be an object")
		return
	}
	d.object(raw, into, field+".")
}

func (d *decoder) number(raw json.RawMessage, into reflect.Value, field string) {
	n, err := strconv.Atoi(string(raw))
	switch {
	case errors.Is(err, strconv.ErrRange):
		d.refuse(field, "is out of range")
	case err != nil:
		d.refuse(field, "must be a whole number")
	default:
		into.SetInt(int64(n))
	}
}

func shortened(name string) string {
	if len(name) > maxFieldName {
		return strings.ToValidUTF8(name[:maxFieldName], "") + "…"
	}
	return name
}
