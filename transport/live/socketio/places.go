package socketio

import "encoding/json"

// checkPlaces makes sure that every place of an attachment in the arguments, {"_placeholder":true,"num":n}, is one of an
// attachment that was announced.
func checkPlaces(args []json.RawMessage, attachments int) error {
	if attachments == 0 {
		return nil // then they are plain objects
	}
	for _, arg := range args {
		var value any
		if err := json.Unmarshal(arg, &value); err != nil || !placesWithin(value, attachments) {
			return errAttachments
		}
	}
	return nil
}

func placesWithin(value any, attachments int) bool {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			if !placesWithin(element, attachments) {
				return false
			}
		}
	case map[string]any:
		if value["_placeholder"] == true {
			num, ok := value["num"].(float64)
			return ok && num == float64(int(num)) && num >= 0 && int(num) < attachments
		}
		for _, element := range value {
			if !placesWithin(element, attachments) {
				return false
			}
		}
	}
	return true
}
