package readmodel

// Section is a part of the view that changes and is told by itself.
type Section int

// The sections, in the order in which they are told.
const (
	Summary Section = iota
	Themes
	Recent
	PartialParts

	sectionsOfView
)

// Revisions is a revision of each section.
type Revisions [sectionsOfView]int64

// Newest is the highest of them.
func (r Revisions) Newest() int64 {
	return max(r[Summary], r[Themes], r[Recent], r[PartialParts])
}

// Told says up to which revision somebody knows each section, within an epoch.
type Told struct {
	Epoch    string
	Sections Revisions
}

// ToldAt is what somebody knows who knows the whole view at that state.
func ToldAt(s State) Told {
	return Told{Epoch: s.Epoch, Sections: Revisions{s.Revision, s.Revision, s.Revision, s.Revision}}
}
