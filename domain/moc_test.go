package domain

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var (
	someTime = time.Date(2026, 2, 3, 4, 5, 6, 789_999_999, time.FixedZone("", 3600))
	someID   = uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")
)

func goodMOC(t *testing.T) MOC {
	t.Helper()
	moc, err := NewMOC("ada", someID, MOCDraft{Title: "Keep", Theme: "Castle", Parts: Parts{10, 1, 2}}, someTime)
	require.NoError(t, err)
	return moc
}

// fields are the names of the broken rules' fields.
func fields(t *testing.T, err error) (names []string) {
	t.Helper()
	var invalid *Error
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, Invalid, invalid.Kind)
	for _, f := range invalid.Fields {
		require.NotEmpty(t, f.Message)
		names = append(names, f.Field)
	}
	return names
}

func TestNewMOC_IsVersion1InWholeMilliseconds(t *testing.T) {
	t.Parallel()
	moc := goodMOC(t)
	require.Equal(t, int64(1), moc.Version)
	require.Equal(t, Added, moc.BuildStatus)
	require.Equal(t, time.Date(2026, 2, 3, 3, 5, 6, 789_000_000, time.UTC), moc.CreatedAt)
	require.Equal(t, moc.CreatedAt, moc.UpdatedAt)
}

func TestNewMOC_Rules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*MOCDraft)
		broken []string
	}{
		"Good":                {func(*MOCDraft) {}, nil},
		"TitleLongest":        {func(d *MOCDraft) { d.Title = strings.Repeat("✨", 200) }, nil},
		"TitleTooLong":        {func(d *MOCDraft) { d.Title = strings.Repeat("a", 201) }, []string{"title"}},
		"TitleEmpty":          {func(d *MOCDraft) { d.Title = "" }, []string{"title"}},
		"TitleBlank":          {func(d *MOCDraft) { d.Title = "  \u00a0" }, []string{"title"}},
		"TitleControl":        {func(d *MOCDraft) { d.Title = "a\u0085b" }, []string{"title"}},
		"TitleNotUTF8":        {func(d *MOCDraft) { d.Title = "a\xffb" }, []string{"title"}},
		"TitleKeptAsItCame":   {func(d *MOCDraft) { d.Title = " e\u0301 \u200d ﷽ " }, nil},
		"ThemeLongest":        {func(d *MOCDraft) { d.Theme = strings.Repeat("é", 80) }, nil},
		"ThemeTooLong":        {func(d *MOCDraft) { d.Theme = strings.Repeat("é", 81) }, []string{"theme"}},
		"ThemeTab":            {func(d *MOCDraft) { d.Theme = "a\tb" }, []string{"theme"}},
		"StatusUnknown":       {func(d *MOCDraft) { d.BuildStatus = "built" }, []string{"buildStatus"}},
		"CoverHTTP":           {func(d *MOCDraft) { d.CoverImageURL = ptr("http://x/y?z#ü") }, nil},
		"CoverLongest":        {func(d *MOCDraft) { d.CoverImageURL = ptr("https://x/" + strings.Repeat("y", 2038)) }, nil},
		"CoverTooLong":        {func(d *MOCDraft) { d.CoverImageURL = ptr("https://x/" + strings.Repeat("y", 2039)) }, []string{"coverImageUrl"}},
		"CoverEmpty":          {func(d *MOCDraft) { d.CoverImageURL = ptr("") }, []string{"coverImageUrl"}},
		"CoverScript":         {func(d *MOCDraft) { d.CoverImageURL = ptr("javascript:alert(1)") }, []string{"coverImageUrl"}},
		"CoverRelative":       {func(d *MOCDraft) { d.CoverImageURL = ptr("//x/y.png") }, []string{"coverImageUrl"}},
		"CoverWithoutHost":    {func(d *MOCDraft) { d.CoverImageURL = ptr("https://:80/y.png") }, []string{"coverImageUrl"}},
		"CoverWithSpace":      {func(d *MOCDraft) { d.CoverImageURL = ptr("https://x/a b.png") }, []string{"coverImageUrl"}},
		"PartsLargest":        {func(d *MOCDraft) { d.Parts = Parts{MaxParts, MaxParts, 0} }, nil},
		"PartsTooMany":        {func(d *MOCDraft) { d.Parts = Parts{MaxParts + 1, 0, 0} }, []string{"parts.total"}},
		"PartsNegative":       {func(d *MOCDraft) { d.Parts = Parts{1, -1, -1} }, []string{"parts.owned", "parts.ordered"}},
		"PartsMoreThanTotal":  {func(d *MOCDraft) { d.Parts = Parts{3, 2, 2} }, []string{"parts"}},
		"EveryBrokenRuleTold": {func(d *MOCDraft) { *d = MOCDraft{BuildStatus: "x"} }, []string{"title", "theme", "buildStatus"}},
	} {
		draft := MOCDraft{Title: "Keep", Theme: "Castle"}
		c.change(&draft)
		_, err := NewMOC("ada", someID, draft, someTime)
		if c.broken == nil {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.broken, fields(t, err), name)
	}
}

func ptr[T any](v T) *T { return &v }

func TestMOC_Edit(t *testing.T) {
	t.Parallel()
	moc := goodMOC(t)
	next, err := moc.Edit(MOCEdit{Title: ptr("Tower"), CoverImageURL: ptr("https://x/y")}, someTime.Add(time.Second))
	require.NoError(t, err)
	want := moc
	want.Title, want.CoverImageURL, want.Version, want.UpdatedAt = "Tower", ptr("https://x/y"), 2, moc.UpdatedAt.Add(time.Second)
	require.Equal(t, want, next)

	same, err := next.Edit(MOCEdit{Title: ptr("Tower"), CoverImageURL: ptr("https://x/y")}, someTime.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, next, same, "nothing differs")

	uncovered, err := next.Edit(MOCEdit{RemoveCover: true}, someTime)
	require.NoError(t, err)
	require.Nil(t, uncovered.CoverImageURL)
	require.Equal(t, next.UpdatedAt, uncovered.UpdatedAt, "a clock that goes back does not take the time back")

	_, err = moc.Edit(MOCEdit{Theme: ptr("")}, someTime)
	require.Equal(t, []string{"theme"}, fields(t, err))
}

func TestMOC_CountParts(t *testing.T) {
	t.Parallel()
	moc := goodMOC(t)
	same, err := moc.CountParts(moc.Parts, someTime.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, moc, same)
	next, err := moc.CountParts(Parts{10, 10, 0}, someTime)
	require.NoError(t, err)
	require.Equal(t, int64(2), next.Version)
	_, err = moc.CountParts(Parts{1, 1, 1}, someTime)
	require.Equal(t, []string{"parts"}, fields(t, err))
}

func TestError_IsItselfWhereverItIsWrapped(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, errors.Join(errors.New("step"), ErrMOCNotFound), ErrMOCNotFound)
	require.NotErrorIs(t, ErrMOCNotFound, ErrSetNotFound)
}
