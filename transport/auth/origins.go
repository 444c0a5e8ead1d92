package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// Origins decides which sites' pages may send a request that rides on a cookie, open a socket, or read an answer: the
// request's own origin always, and the configured ones.
type Origins struct{ allowed map[string]bool }

// NewOrigins takes origins such as https://bricks.example or http://localhost:5173: scheme, host and, where it is not
// the scheme's own, port. The error names every one that is none. There are no wildcards: what is allowed here may use
// a collector's cookie.
func NewOrigins(allowed []string) (*Origins, error) {
	o := &Origins{allowed: make(map[string]bool, len(allowed))}
	var problems []error
	for _, text := range allowed {
		origin, err := parseOrigin(text)
		if err != nil {
			problems = append(problems, fmt.Errorf("allowed origin %q: %w", text, err))
			continue
		}
		o.allowed[origin] = true
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return o, nil
}

// Allows says whether the request's origin is allowed. A request without an Origin header is: browsers send none with
// reads of the same origin, and programs send none at all. For CORS, the header's value may be echoed where it is there
// and allowed.
func (o *Origins) Allows(r *http.Request) bool {
	headers := r.Header.Values("Origin")
	if len(headers) == 0 {
		return true
	}
	origin, err := parseOrigin(headers[0])
	if err != nil || len(headers) > 1 {
		return false
	}
	return o.allowed[origin] || origin == ownOrigin(r)
}

func ownOrigin(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	origin, _ := parseOrigin(scheme + r.Host) // a Host that is none gives "", which no origin equals
	return origin
}

// parseOrigin gives the one spelling of an origin: lower case, without the scheme's own port.
func parseOrigin(text string) (string, error) {
	if text == "*" {
		return "", errors.New("a wildcard would let every site use the collector's cookie: name the origins")
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", errors.New("not an origin such as https://bricks.example")
	}
	host := strings.ToLower(u.Host)
	if strings.ContainsFunc(host, func(r rune) bool { return r == '*' || r > unicode.MaxASCII }) {
		return "", errors.New("the host must be written as browsers send it: in ASCII (xn--...), without wildcards")
	}
	if rest := text[len(u.Scheme)+len("://"):]; !strings.EqualFold(rest, u.Host) {
		return "", errors.New("an origin has no user, path, query or fragment, and no slash at its end")
	}
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(strings.TrimSuffix(host, port), ":"), nil
}
