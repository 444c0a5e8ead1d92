package auth_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/transport/auth"
)

func TestVerifier_Verify_Accepts(t *testing.T) {
	t.Parallel()
	at := newClock()
	now := at.Now()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Issuer: "issuer", Audience: "board", Now: at.Now})
	for name, changes := range map[string]jwt.MapClaims{
		"LeastClaims":          nil,
		"AudienceAmongOthers":  {"aud": []string{"other", "board"}},
		"IssuedNow":            {"iat": now.Unix(), "nbf": now.Unix()},
		"IssuerClockJustAhead": {"iat": now.Add(5 * time.Second).Unix(), "nbf": now.Add(5 * time.Second).Unix()},
		"FractionOfASecond":    {"exp": float64(now.Unix()) + 60.5},
		"UnknownClaims":        {"SUB": "mallory", "Exp": 1, "roles": []int{1}},
		"LongestSubject":       {"sub": strings.Repeat("s", domain.MaxCollectorID)},
		"SubjectBeyondASCII":   {"sub": "auth0|Jørgen Knüt 積木"},
		"LastSecondOfTheToken": {"exp": now.Add(time.Second).Unix()},
		"LastSecondOfRFC3339":  {"exp": 253402300799},
		"ScopeOfNoWords":       {"scope": ""},
		"ScopeOfSeveralWords":  {"scope": "a b  c"},
		"IssuedAtZero":         {"iat": 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := at.with(jwt.MapClaims{"iss": "issuer", "aud": "board"})
			for name, value := range changes {
				claims[name] = value
			}
			for range 2 { // the second time it is known
				id, err := v.Verify(hs256(t, claims))
				require.NoError(t, err)
				require.EqualValues(t, claims["sub"], id.Collector)
				require.Equal(t, time.UTC, id.ExpiresAt.Location())
			}
		})
	}
}

func TestVerifier_Verify_Refuses(t *testing.T) {
	t.Parallel()
	at := newClock()
	now := at.Now()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Issuer: "issuer", Audience: "board", Now: at.Now})
	for name, test := range map[string]struct {
		changes jwt.MapClaims
		reason  auth.Reason
	}{
		"Expired":                {jwt.MapClaims{"exp": now.Unix() - 1}, auth.Expired},
		"ExpiresNow":             {jwt.MapClaims{"exp": now.Unix()}, auth.Expired},
		"NotYetValid":            {jwt.MapClaims{"nbf": now.Unix() + 6}, auth.NotYetValid},
		"IssuedInTheFuture":      {jwt.MapClaims{"iat": now.Unix() + 6}, auth.IssuedAhead},
		"NoExpiry":               {jwt.MapClaims{"exp": nil}, auth.MissingClaim},
		"ExpiryOfZero":           {jwt.MapClaims{"exp": 0}, auth.MissingClaim},
		"ExpiryAsText":           {jwt.MapClaims{"exp": "1999999999"}, auth.InvalidClaim},
		"ExpiryBeyondAllTime":    {jwt.MapClaims{"exp": 253402300800}, auth.InvalidClaim},
		"NotBeforeAsList":        {jwt.MapClaims{"nbf": []int{1}}, auth.InvalidClaim},
		"NotBeforeOverflows":     {jwt.MapClaims{"nbf": 1e300}, auth.InvalidClaim},
		"IssuedAsText":           {jwt.MapClaims{"iat": "now"}, auth.InvalidClaim},
		"IssuedBeforeTime":       {jwt.MapClaims{"iat": -1}, auth.InvalidClaim},
		"NoSubject":              {jwt.MapClaims{"sub": nil}, auth.Subject},
		"OnlyAnotherSpelling":    {jwt.MapClaims{"sub": nil, "Sub": sub}, auth.Subject},
		"EmptySubject":           {jwt.MapClaims{"sub": ""}, auth.Subject},
		"SubjectTooLong":         {jwt.MapClaims{"sub": strings.Repeat("s", domain.MaxCollectorID+1)}, auth.Subject},
		"SubjectTooLongInBytes":  {jwt.MapClaims{"sub": strings.Repeat("積", 86)}, auth.Subject},
		"SubjectWithLineBreak":   {jwt.MapClaims{"sub": "a\nb"}, auth.Subject},
		"SubjectWithNUL":         {jwt.MapClaims{"sub": "a\x00"}, auth.Subject},
		"SubjectWithC1Control":   {jwt.MapClaims{"sub": "a\u0085"}, auth.Subject},
		"SubjectNotText":         {jwt.MapClaims{"sub": "a\xff"}, auth.Subject},
		"SubjectIsNumber":        {jwt.MapClaims{"sub": 7}, auth.Subject},
		"SubjectIsList":          {jwt.MapClaims{"sub": []string{sub}}, auth.Subject},
		"NoIssuer":               {jwt.MapClaims{"iss": nil}, auth.MissingClaim},
		"WrongIssuer":            {jwt.MapClaims{"iss": "Issuer"}, auth.Issuer},
		"IssuerIsList":           {jwt.MapClaims{"iss": []string{"issuer"}}, auth.InvalidClaim},
		"NoAudience":             {jwt.MapClaims{"aud": nil}, auth.MissingClaim},
		"WrongAudience":          {jwt.MapClaims{"aud": "boards"}, auth.Audience},
		"AudienceAmongNone":      {jwt.MapClaims{"aud": []string{"a", "b"}}, auth.Audience},
		"AudienceListNotOfWords": {jwt.MapClaims{"aud": []any{"board", 1}}, auth.InvalidClaim},
		"ScopeIsList":            {jwt.MapClaims{"scope": []string{auth.ScopeReadAny}}, auth.InvalidClaim},
		"ScopeIsNumber":          {jwt.MapClaims{"scope": 1}, auth.InvalidClaim},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := at.with(jwt.MapClaims{"iss": "issuer", "aud": "board"})
			for name, value := range test.changes {
				if claims[name] = value; value == nil {
					delete(claims, name)
				}
			}
			id, err := v.Verify(hs256(t, claims))
			refused(t, test.reason, id, err)
		})
	}
}

func TestVerifier_Verify_RefusesPayload(t *testing.T) {
	t.Parallel()
	at := newClock()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Now: at.Now})
	const header = `{"alg":"HS256","typ":"JWT"}`
	id, err := v.Verify(signText(t, header, `{"sub":"a","exp":1999999999}`))
	require.NoError(t, err)
	require.EqualValues(t, "a", id.Collector)
	for name, test := range map[string]struct {
		payload string
		reason  auth.Reason
	}{
		"Null":                 {`null`, auth.MissingClaim},
		"Text":                 {`"a"`, auth.Malformed},
		"TwoValues":            {`{"sub":"a","exp":1999999999}{}`, auth.Malformed},
		"NumberTooLarge":       {`{"sub":"a","exp":1e999}`, auth.Malformed},
		"ExpiryNull":           {`{"sub":"a","exp":null}`, auth.InvalidClaim},
		"ExpiryOverflows":      {`{"sub":"a","exp":1e300}`, ""}, // which claim check comes first depends on the processor
		"ScopeNull":            {`{"sub":"a","exp":1999999999,"scope":null}`, auth.InvalidClaim},
		"SubjectNull":          {`{"sub":null,"exp":1999999999}`, auth.Subject},
		"SubjectNotUTF8":       {"{\"sub\":\"a\xff\",\"exp\":1999999999}", auth.Subject},
		"SubjectHalfACodePair": {`{"sub":"a\ud800","exp":1999999999}`, auth.Subject},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := v.Verify(signText(t, header, test.payload))
			if test.reason == "" {
				test.reason = auth.ReasonOf(err)
			}
			refused(t, test.reason, id, err)
		})
	}
}

func TestVerifier_Verify_RefusesWhatIsNoTokenOfOurs(t *testing.T) {
	t.Parallel()
	at := newClock()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Now: at.Now})
	good := hs256(t, at.with(nil))
	header, rest, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	otherSecret := sign(t, jwt.SigningMethodHS256, []byte(strings.ToUpper(secret)), "", at.with(nil))
	_, otherSignature, _ := strings.Cut(otherSecret[strings.Index(otherSecret, ".")+1:], ".")
	critical := jwt.NewWithClaims(jwt.SigningMethodHS256, at.with(nil))
	critical.Header["crit"] = []string{"exp"}
	withCritical, err := critical.SignedString([]byte(secret))
	require.NoError(t, err)

	for name, test := range map[string]struct {
		token  string
		reason auth.Reason
	}{
		"Empty":                {"", auth.Absent},
		"NotAToken":            {"not-a-token", auth.Malformed},
		"TwoParts":             {header + "." + payload, auth.Malformed},
		"FourParts":            {good + ".", auth.Malformed},
		"Padded":               {good + "=", auth.Malformed},
		"LineBreakInside":      {header + "\n." + payload + "." + signature, auth.Malformed},
		"BlankBefore":          {" " + good, auth.Malformed},
		"SpareBitsSet":         {good[:len(good)-1] + otherLastCharacter(good), auth.Malformed},
		"HeaderNotJSON":        {encode("{") + "." + payload + "." + signature, auth.Malformed},
		"HeaderNull":           {encode("null") + "." + payload + "." + signature, auth.Algorithm},
		"PayloadNotJSON":       {header + "." + encode("x") + "." + signature, auth.Malformed},
		"PayloadIsList":        {header + "." + encode("[]") + "." + signature, auth.Malformed},
		"PayloadTampered":      {header + "." + encode(`{"sub":"mallory","exp":1999999999999}`) + "." + signature, auth.Signature},
		"NoSignature":          {header + "." + payload + ".", auth.Signature},
		"SignatureOfAnother":   {header + "." + payload + "." + otherSignature, auth.Signature},
		"WrongSecret":          {otherSecret, auth.Signature},
		"AlgorithmNone":        {sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "", at.with(nil)), auth.Algorithm},
		"AlgorithmNoneWritten": {encode(`{"alg":"None"}`) + "." + payload + ".", auth.Algorithm},
		"AlgorithmUnknown":     {encode(`{"alg":"XX"}`) + "." + payload + "." + signature, auth.Algorithm},
		"AlgorithmAbsent":      {encode(`{}`) + "." + payload + "." + signature, auth.Algorithm},
		"AlgorithmNumber":      {encode(`{"alg":256}`) + "." + payload + "." + signature, auth.Algorithm},
		"HS384":                {sign(t, jwt.SigningMethodHS384, []byte(secret), "", at.with(nil)), auth.Algorithm},
		"HS512":                {sign(t, jwt.SigningMethodHS512, []byte(secret), "", at.with(nil)), auth.Algorithm},
		"RS256WithoutKeys":     {rsaKey(t).sign(t, "", at.with(nil)), auth.Algorithm},
		"UnknownExtension":     {withCritical, auth.Malformed},
		"TooLong":              {hs256(t, at.with(jwt.MapClaims{"more": strings.Repeat("x", 8<<10)})), auth.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := v.Verify(test.token)
			refused(t, test.reason, id, err)
			require.Equal(t, "unauthorized: "+string(test.reason), err.Error())
		})
	}
	_, err = v.Verify(good)
	require.NoError(t, err)
}

// otherLastCharacter decodes to the same bytes for a lenient decoder: the last character has bits to spare.
func otherLastCharacter(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, token[len(token)-1])^1])
}

func TestVerifier_Verify_EndsKnownTokens(t *testing.T) {
	t.Parallel()
	at := newClock()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Now: at.Now})
	token := hs256(t, at.with(jwt.MapClaims{"exp": at.Now().Add(time.Minute).Unix()}))
	_, err := v.Verify(token)
	require.NoError(t, err)
	at.Move(time.Minute - time.Nanosecond)
	_, err = v.Verify(token)
	require.NoError(t, err)
	at.Move(time.Nanosecond)
	id, err := v.Verify(token)
	refused(t, auth.Expired, id, err)
}

func TestIdentity_Has(t *testing.T) {
	t.Parallel()
	at := newClock()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Now: at.Now})
	for scope, want := range map[string]bool{
		auth.ScopeReadAny: true, "a " + auth.ScopeReadAny + "  b": true,
		"": false, "dashboard:read:any2": false, "dashboard:read": false, "DASHBOARD:READ:ANY": false,
		"a\t" + auth.ScopeReadAny: false, "a," + auth.ScopeReadAny: false,
	} {
		id, err := v.Verify(hs256(t, at.with(jwt.MapClaims{"scope": scope})))
		require.NoError(t, err)
		require.Equal(t, want, id.Has(auth.ScopeReadAny), "%q", scope)
		require.False(t, id.Has(""), "%q", scope)
	}
	id, err := v.Verify(hs256(t, at.with(nil)))
	require.NoError(t, err)
	require.False(t, id.Has(auth.ScopeReadAny))
}
