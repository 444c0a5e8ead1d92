package auth

import "net/http"

// CrossOrigin is what pages of allowed origins may do with a handler's answers, as CORS has it.
type CrossOrigin struct {
	Methods string // that may be used
	Headers string // that may be sent
	Exposed string // headers of answers that may be read, beside those that always may; "" is none
}

// Share lets the page that sent the request read the answer, with the collector's cookie, where its origin is allowed. To
// other origins no header says anything, so that browsers keep the answer from them. It says whether this is a browser
// that asks before it sends: what is left of the answer is 204.
func (o *Origins) Share(answer http.Header, r *http.Request, c CrossOrigin) (asks bool) {
	origin := r.Header.Get("Origin")
	if origin == "" || !o.Allows(r) {
		return false
	}
	answer.Set("Access-Control-Allow-Origin", origin)
	answer.Set("Access-Control-Allow-Credentials", "true")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		if c.Exposed != "" {
			answer.Set("Access-Control-Expose-Headers", c.Exposed)
		}
		return false
	}
	answer.Set("Access-Control-Allow-Methods", c.Methods)
	answer.Set("Access-Control-Allow-Headers", c.Headers)
	answer.Set("Access-Control-Max-Age", "600")
	return true
}
