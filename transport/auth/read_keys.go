package auth

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	maxKeySet   = 1 << 20 // bytes
	readTimeout = 5 * time.Second
)

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readBounded(file)
}

// readURL follows no redirect: the configured address alone says who is trusted.
func readURL(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Close = true // the next one is a minute away
	client := http.Client{
		Timeout:       readTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, response.Status)
	}
	return readBounded(response.Body)
}

func readBounded(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxKeySet+1))
	if err == nil && len(raw) > maxKeySet {
		return nil, fmt.Errorf("the JWK Set is larger than %d bytes", maxKeySet)
	}
	return raw, err
}
