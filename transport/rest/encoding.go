package rest

import (
	"strconv"
	"strings"
)

// takesGzip says whether Accept-Encoding lets gzip be sent and does not like no encoding better (RFC 9110, 12.5.3).
func takesGzip(lists []string) bool {
	gzip, identity := -1.0, -1.0 // not named
	for _, list := range lists {
		for element := range strings.SplitSeq(list, ",") {
			coding, weight := weighted(element)
			switch {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				gzip = weight
			case strings.EqualFold(coding, "identity"):
				identity = weight
			case coding == "*" && gzip < 0:
				gzip = weight
			}
		}
	}
	return gzip > 0 && gzip >= identity
}

// weighted takes an element such as "gzip;q=0.5" apart. A weight that is none is 0: what is not understood is not
// wanted.
func weighted(element string) (coding string, weight float64) {
	coding, parameter, given := strings.Cut(element, ";")
	coding = strings.Trim(coding, " \t")
	if !given {
		return coding, 1
	}
	name, value, _ := strings.Cut(strings.Trim(parameter, " \t"), "=")
	weight, err := strconv.ParseFloat(value, 64)
	if err != nil || !strings.EqualFold(name, "q") || !(weight >= 0 && weight <= 1) {
		return coding, 0
	}
	return coding, weight
}
