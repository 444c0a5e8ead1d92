package auth

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	pollFile = 2 * time.Second  // a withdrawn key in a file works that long
	pollURL  = time.Minute      // and behind a URL that long
	askEvery = 10 * time.Second // how often tokens of unknown keys may cause a read between polls
)

// keySource keeps the keys of one JWK Set. They stay in force while the set cannot be read, so that an issuer's outage
// does not sign everybody out.
type keySource struct {
	place   string // for the log
	read    func() ([]byte, error)
	changed func() // called after other keys are in force
	now     func() time.Time
	log     *slog.Logger

	keys atomic.Pointer[[]publicKey]

	reading sync.Mutex // held while reading; guards what follows
	raw     []byte     // what keys were parsed from
	failure string     // of the last read; told when it changes
	asked   time.Time
}

// addSources reads the configured sources once and keeps reading them until ctx ends.
func (v *Verifier) addSources(ctx context.Context, cfg Config, log *slog.Logger) error {
	add := func(place string, read func() ([]byte, error)) *keySource {
		source := &keySource{place: place, read: read, now: v.now, log: log, changed: func() { v.generation.Add(1) }}
		v.sources = append(v.sources, source)
		return source
	}
	if cfg.JWKSFile != "" {
		source := add(cfg.JWKSFile, func() ([]byte, error) { return readFile(cfg.JWKSFile) })
		if err := source.load(); err != nil {
			return err
		}
		go source.poll(ctx, pollFile)
	}
	if cfg.JWKSURL != "" {
		source := add(cfg.JWKSURL, func() ([]byte, error) { return readURL(ctx, cfg.JWKSURL) })
		source.refresh()
		go source.poll(ctx, pollURL)
	}
	return nil
}

func (s *keySource) current() []publicKey {
	if keys := s.keys.Load(); keys != nil {
		return *keys
	}
	return nil
}

func (s *keySource) poll(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.refresh()
		}
	}
}

// ask reads the set for a key that is not known, unless that was done a moment ago: strangers can make up key ids as
// fast as they like. Callers that come during a read wait for it and share its outcome.
func (s *keySource) ask() {
	s.reading.Lock()
	defer s.reading.Unlock()
	if now := s.now(); now.Sub(s.asked) >= askEvery {
		s.asked = now
		s.refreshLocked()
	}
}

func (s *keySource) refresh() {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.refreshLocked()
}

func (s *keySource) refreshLocked() {
	err := s.load()
	if err == nil {
		s.failure = ""
		return
	}
	if s.failure != err.Error() {
		s.failure = err.Error()
		s.log.Warn("token keys not read, the earlier ones stay in force", "error", err)
	}
}

// load puts the keys of the set in force, or leaves the present ones and says why.
func (s *keySource) load() error {
	raw, err := s.read()
	if err != nil {
		return fmt.Errorf("read token keys: %w", err)
	}
	if s.keys.Load() != nil && bytes.Equal(raw, s.raw) {
		return nil
	}
	keys, skipped, err := parseKeys(raw)
	if err != nil {
		return fmt.Errorf("read token keys from %s: %w", s.place, err)
	}
	s.raw = raw
	s.keys.Store(&keys)
	s.changed()
	s.log.Info("token keys loaded", "source", s.place, "keys", len(keys), "skipped", skipped)
	return nil
}
