// Command echoserver shows the live protocols by themselves, without a dashboard, for the official test suites of
// Engine.IO v4 and Socket.IO v5. It is not part of the service.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/brickboard/brickboard/transport/live/socketio"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:3000", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen, suites(), func(addr string) { fmt.Println("listening on", addr) }); err != nil {
		fmt.Fprintln(os.Stderr, "echoserver:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done; listening is told the address.
func run(ctx context.Context, listen string, config socketio.Config, listening func(addr string)) error {
	var listener net.ListenConfig
	l, err := listener.Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	echo := newEcho(config)
	server := &http.Server{Handler: echo, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	listening(l.Addr().String())
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(echo.shutdown(within), server.Close())
}
