package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/demo"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/certificate"
	"github.com/brickboard/brickboard/transport/admin"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/rest"
	"github.com/brickboard/brickboard/transport/webui"
)

// The times that a client may take, and the size of its headers: room for the largest token beside others.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10

	demoSession = 12 * time.Hour
)

// listen serves both addresses until ctx is done or one of them fails.
func (s *service) listen(ctx context.Context) error {
	servers, ctx := errgroup.WithContext(ctx)
	adminRouter := admin.NewRouter(s.registry, admin.Health{Ready: s.ready, Blocked: s.health.Blocked})
	adminListener, err := bind(ctx, "admin-listen", s.config.AdminListen)
	if err != nil {
		return err
	}
	servers.Go(func() error {
		return s.serveHTTP(ctx, "listening for admin", adminListener, adminRouter, func(context.Context) {})
	})
	if !s.options.noHTTP {
		servers.Go(func() error { return s.listenForRequests(ctx, servers) })
	}
	return servers.Wait()
}

func (s *service) listenForRequests(ctx context.Context, servers *errgroup.Group) error {
	deps, err := s.restDeps(ctx)
	if err != nil {
		return err
	}
	listener, err := bind(ctx, "listen", s.config.Listen)
	if err != nil {
		return err
	}
	if s.config.TLSCert != "" {
		files, err := certificate.Load(s.config.TLSCert, s.config.TLSKey, s.log, time.Now)
		if err != nil {
			_ = listener.Close()
			return err
		}
		listener = tls.NewListener(listener, &tls.Config{
			MinVersion: tls.VersionTLS12, GetCertificate: files.GetCertificate, NextProtos: []string{"http/1.1"},
		})
	}
	hub, err := s.startLive(ctx, servers, deps)
	if err != nil {
		_ = listener.Close()
		return err
	}
	servers.Go(func() error {
		return s.serveHTTP(ctx, "listening", listener, withLive(hub, rest.NewRouter(deps)), func(stopping context.Context) { s.closeLive(stopping, hub) })
	})
	return nil
}

// bind says what to do when the address is taken.
func bind(ctx context.Context, flag, address string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: stop that one, or give another address with --%s (port 0 takes a free one)", address, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s (--%s): %w", address, flag, err)
	}
	return listener, nil
}

// serveHTTP serves until ctx is done. closing is called when no new connection is taken any more.
func (s *service) serveHTTP(ctx context.Context, as string, listener net.Listener, handler http.Handler, closing func(context.Context)) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	s.log.InfoContext(ctx, as, "addr", listener.Addr().String())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	var failure error
	select {
	case failure = <-ended:
		failure = fmt.Errorf("serve: %w", failure)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.ShutdownTimeout)
	defer cancel()
	closed := make(chan struct{})
	server.RegisterOnShutdown(func() {
		closing(stopping)
		close(closed)
	})
	err := server.Shutdown(stopping)
	<-closed
	if err != nil {
		failure = errors.Join(failure, fmt.Errorf("stop serving: %w", errors.Join(err, server.Close())))
	}
	return failure
}

func (s *service) restDeps(ctx context.Context) (deps rest.Deps, err error) {
	secret := []byte(s.config.JWTSecret)
	if s.options.demo {
		if secret, err = s.config.demoSecret(); err != nil {
			return deps, err
		}
	}
	verifier, err := auth.NewVerifier(ctx, auth.Config{
		Secret: secret, JWKSURL: s.config.JWKSURL, JWKSFile: s.config.JWKSFile, Issuer: s.config.JWTIssuer,
		Audience: s.config.JWTAudience, Now: time.Now,
	}, s.log)
	if err != nil {
		return deps, err
	}
	origins, err := auth.NewOrigins(s.config.AllowedOrigins)
	if err != nil {
		return deps, err
	}
	pages, err := webui.NewHandler(webui.Options{Demo: s.options.demo})
	if err != nil {
		return deps, fmt.Errorf("read the embedded page: %w", err)
	}
	deps = rest.Deps{
		Commands: s.commands, Collection: command.NewCollection(s.requests), Dashboards: s.reader, Verifier: verifier,
		Origins: origins, Log: s.log, Ready: s.ready, Pages: pages, RequestTimeout: s.config.RequestTimeout,
	}
	if s.options.demo {
		signer := auth.NewSigner(secret, s.config.JWTIssuer, s.config.JWTAudience, time.Now)
		deps.Demo = &rest.Demo{Signer: signer, Collector: demo.Collector, TTL: demoSession}
	}
	return deps, nil
}
