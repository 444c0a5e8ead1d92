package rest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBody_SizeAndType(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const limit = 64 << 10
	padded := func(size int) string { return mocBody + strings.Repeat(" ", size-len(mocBody)) }
	for name, c := range map[string]struct {
		q      request
		status int
	}{
		"JustFits":        {request{body: padded(limit)}, 201},
		"JustFitsChunked": {request{body: padded(limit), chunked: true}, 201},
		"TooLarge":        {request{body: padded(limit + 1)}, 413},
		"TooLargeChunked": {request{body: padded(limit + 1), chunked: true}, 413},
		"TooLargeInText":  {request{body: `{"title":"` + strings.Repeat("a", limit), chunked: true}, 413},
		"Empty":           {request{}, 400},
		"EmptyChunked":    {request{chunked: true, header: header("Content-Type", "application/json")}, 400},
		"Charset":         {request{body: mocBody, header: header("Content-Type", `application/json; Charset="UTF-8"`)}, 201},
		"OtherCharset":    {request{body: mocBody, header: header("Content-Type", "application/json; charset=latin1")}, 415},
		"OtherParameter":  {request{body: mocBody, header: header("Content-Type", "application/json; profile=x")}, 415},
		"MergePatch":      {request{body: mocBody, header: header("Content-Type", "application/merge-patch+json")}, 415},
		"Form":            {request{body: "title=a&theme=b", header: header("Content-Type", "application/x-www-form-urlencoded")}, 415},
		"NoType":          {request{body: mocBody, header: header("Content-Type", "")}, 415},
		"Compressed":      {request{body: mocBody, header: header("Content-Encoding", "gzip", "Content-Type", "application/json")}, 415},
		"Identity":        {request{body: mocBody, header: header("Content-Encoding", "identity")}, 201},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.q.method, c.q.path, c.q.as = http.MethodPost, "/api/mocs", name
			b.send(t, c.q).requireStatus(t, c.status)
			require.Equal(t, btoi(c.status == 201), b.count(t, "SELECT count(*) FROM mocs WHERE user_id = $1", name))
		})
	}
}

func TestBody_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	field := func(name, message string) []FieldError { return []FieldError{{Field: name, Message: message}} }
	for name, c := range map[string]struct {
		body   string
		fields []FieldError // none: the body as a whole is refused
	}{
		"Syntax":          {`{"title":}`, nil},
		"Truncated":       {`{"title":"a"`, nil},
		"TrailingGarbage": {mocBody + "x", nil},
		"TwoValues":       {mocBody + mocBody, nil},
		"Blank":           {" \n", nil},
		"Null":            {"null", nil},
		"Array":           {"[]", nil},
		"Text":            {`"title"`, nil},
		"ByteOrderMark":   {"\ufeff" + mocBody, nil},
		"NotUTF8":         {"{\"title\":\"\xff\",\"theme\":\"b\"}", nil},
		"HalfSurrogate":   {`{"title":"\ud83d","theme":"b"}`, nil},
		"SwappedPair":     {`{"title":"\ude00\ud83d","theme":"b"}`, nil},
		"Deep":            {`{"title":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, nil},
		"Unknown":         {`{"title":"a","theme":"b","colour":"red"}`, field("colour", "is not a field of this body")},
		"OtherCase":       {`{"Title":"a","title":"a","theme":"b"}`, field("Title", "is not a field of this body")},
		"UnknownNested":   {`{"title":"a","theme":"b","parts":{"total":1,"owned":1,"ordered":0,"lost":1}}`, field("parts.lost", "is not a field of this body")},
		"Twice":           {`{"title":"a","theme":"b","title":"c"}`, field("title", "must not be there twice")},
		"NullField":       {`{"title":null,"theme":"b"}`, field("title", "must not be null")},
		"NullObject":      {`{"title":"a","theme":"b","parts":null}`, field("parts", "must not be null")},
		"WrongType":       {`{"title":5,"theme":["b"]}`, []FieldError{{"title", "must be text"}, {"theme", "must be text"}}},
		"NotAnObject":     {`{"title":"a","theme":"b","parts":[1,2,3]}`, field("parts", "must be an object")},
		"TextForNumber":   {`{"title":"a","theme":"b","parts":{"total":"9","owned":0,"ordered":0}}`, field("parts.total", "must be a whole number")},
		"Fraction":        {`{"title":"a","theme":"b","parts":{"total":9,"owned":0.5,"ordered":0}}`, field("parts.owned", "must be a whole number")},
		"Exponent":        {`{"title":"a","theme":"b","parts":{"total":1e3,"owned":0,"ordered":0}}`, field("parts.total", "must be a whole number")},
		"Overflow":        {`{"title":"a","theme":"b","parts":{"total":9,"owned":0,"ordered":92233720368547758070}}`, field("parts.ordered", "is out of range")},
		"Missing":         {`{"parts":{"total":9}}`, []FieldError{{"parts.owned", "must be there"}, {"parts.ordered", "must be there"}, {"title", "must be there"}, {"theme", "must be there"}}},
		"Rules": {`{"title":" ","theme":"` + strings.Repeat("é", 81) + `","buildStatus":"","coverImageUrl":"ftp://x","parts":{"total":1000001,"owned":-1,"ordered":0}}`, []FieldError{
			{"title", "must not be empty"}, {"theme", "must have at most 80 characters"},
			{"buildStatus", "must be ADDED, IN_PROGRESS or BUILT"},
			{"coverImageUrl", "must be an http or https address, such as https://example.org/cover.jpg"},
			{"parts.total", "must be a whole number from 0 to 1000000"},
			{"parts.owned", "must be a whole number from 0 to 1000000"},
		}},
		"TooMuchCovered": {`{"title":"a","theme":"b","parts":{"total":9,"owned":5,"ordered":5}}`, field("parts", "owned and ordered together must not exceed total")},
		"Control":        {`{"title":"a\u0000b","theme":"b\u0085"}`, []FieldError{{"title", "must not contain control characters"}, {"theme", "must not contain control characters"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := b.post(t, name, "/api/mocs", c.body).requireStatus(t, 400).problem(t)
			if c.fields == nil {
				require.Equal(t, ProblemCode("BAD_REQUEST"), p.Code)
				return
			}
			require.Equal(t, ProblemCode("VALIDATION_FAILED"), p.Code)
			require.Equal(t, c.fields, *p.Errors)
		})
	}
}

func TestBody_ErrorsAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var body strings.Builder
	for range 300 {
		body.WriteString(`,"` + strings.Repeat("ü", 100) + `":1`)
	}
	a := b.post(t, "alice", "/api/mocs", "{"+body.String()[1:]+"}").requireStatus(t, 400)
	require.Len(t, *a.problem(t).Errors, 20)
	require.Less(t, len(a.Body), 4<<10)
}

func TestBody_UnicodeAsItCame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.post(t, "alice", "/api/mocs", `{"title":"\ud83d\ude00 <Ä> & e\u0301 \\ud800","theme":"`+strings.Repeat("😀", 80)+`"}`)
	a.requireStatus(t, 201)
	var moc struct{ Title, Theme string }
	a.decode(t, &moc)
	require.Equal(t, "😀 <Ä> & e\u0301 \\ud800", moc.Title)
	require.Equal(t, strings.Repeat("😀", 80), moc.Theme)
}

func TestBody_DefaultsAndNull(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.post(t, "alice", "/api/mocs", `{"title":"a","theme":"b","coverImageUrl":null}`).requireStatus(t, 201)
	require.Contains(t, string(a.Body), `"buildStatus":"ADDED"`)
	require.Contains(t, string(a.Body), `"coverImageUrl":null`)
	a = b.post(t, "alice", "/api/sets", `{"setNumber":"1","name":"a","theme":"b"}`).requireStatus(t, 201)
	require.Contains(t, string(a.Body), `"quantity":1`)
	b.post(t, "alice", "/api/sets", `{"setNumber":"1","name":"a","theme":"b","quantity":null}`).requireStatus(t, 400)
	b.post(t, "alice", "/api/wishlist", `{"kind":"SET","title":"a","theme":null}`).requireStatus(t, 400)
	a = b.post(t, "alice", "/api/wishlist", `{"kind":"SET","title":"a"}`).requireStatus(t, 201)
	require.Contains(t, string(a.Body), `"reference":null`)
}
