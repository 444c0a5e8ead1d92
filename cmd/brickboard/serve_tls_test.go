package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// With a certificate there are HTTPS and WSS, and nothing else: the certificate is checked as clients do.
func TestServe_TLS(t *testing.T) {
	t.Parallel()
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	testsupport.WriteCertificate(t, cert, key, 1)
	p := startServer(t, "--database-url", testsupport.DatabaseURL(t), "--tls-cert", cert, "--tls-key", key)
	content, err := os.ReadFile(cert)
	require.NoError(t, err)
	trusted := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}
	require.True(t, trusted.RootCAs.AppendCertsFromPEM(content))
	ada := p.as(t, "ada")
	bearer := http.Header{"Authorization": {"Bearer " + ada.token}, "Content-Type": {"application/json"}}

	transport := &http.Transport{TLSClientConfig: trusted}
	defer transport.CloseIdleConnections()
	post := func(path, body string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+p.addr+path, strings.NewReader(body))
		require.NoError(t, err)
		req.Header = bearer
		res, err := transport.RoundTrip(req)
		require.NoError(t, err)
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	started := post("/api/session", "")
	require.Equal(t, http.StatusOK, started.StatusCode)
	require.True(t, started.Cookies()[0].Secure)

	dialer := websocket.Dialer{TLSClientConfig: trusted}
	plain, _, err := dialer.Dial("wss://"+p.addr+"/ws/dashboard", bearer)
	require.NoError(t, err)
	socketIO, _, err := dialer.Dial("wss://"+p.addr+overWebSocket, nil)
	require.NoError(t, err)
	require.Contains(t, greet(t, socketIO, map[string]any{"token": ada.token}), "40/dashboard,")
	one, other := &socket{conn: plain}, &socket{conn: socketIO}
	one.listen(t, one.keep)
	other.listen(t, other.packet)
	require.Equal(t, http.StatusCreated, post("/api/wishlist", aWish).StatusCode)
	for _, s := range []*socket{one, other} {
		s.await(t, 1)
		require.Equal(t, []string{"summaryUpdated"}, s.types())
	}
	_, _, err = ada.dial("/ws/dashboard", "Authorization", "Bearer "+ada.token)
	require.ErrorIs(t, err, websocket.ErrBadHandshake, "without TLS there is none")
}
