package rules

import "github.com/brickboard/brickboard/readmodel"

// Recover finds the state from which a connection goes on, given the collector's present one. A client that brings
// nothing begins now. One that brings the state of its last connection, and maybe a later one of the last flush that it
// had whole, goes on from the higher of the two, when that is a state that this history has had; else it begins now, and
// is not recovered.
//
// An offset of another epoch than the state is one that the client kept from before: it says nothing.
func Recover(state, offset string, present readmodel.State) (from readmodel.State, recovered bool) {
	from, err := readmodel.ParseState(state)
	if err != nil || from.Epoch != present.Epoch {
		return present, false
	}
	if offset != "" {
		last, err := readmodel.ParseState(offset)
		if err != nil {
			return present, false
		}
		if last.Epoch == from.Epoch && last.Revision > from.Revision {
			from = last
		}
	}
	if from.Revision > present.Revision {
		return present, false
	}
	return from, true
}
