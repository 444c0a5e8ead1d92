package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// poll is how often a server that is about to answer, or to end, is asked.
const poll = 5 * time.Millisecond

// joinOrStart answers the URL of the folder's server. The caller is alone in starting and stopping.
func (f folder) joinOrStart(ctx context.Context, cfg Config) (string, error) {
	for {
		n, err := f.readNote()
		if err != nil {
			return "", err
		}
		alive, err := f.seize()
		if err != nil {
			return "", err
		}
		if alive != nil {
			url, err := f.start(ctx, cfg, n, alive)
			return url, errors.Join(err, alive.Close())
		}
		// A process of the server lives: the server, the end of it, or an initdb whose user was killed.
		url, err := f.join(ctx, n)
		if err == nil {
			f.log.Info("embedded postgresql joined", "path", f.path)
			return url, nil
		}
		if hopeless(err) {
			return "", fmt.Errorf("join the server: %w", err)
		}
		if pause(ctx) != nil {
			return "", fmt.Errorf("a server lives in the data folder and does not answer (see %s): %w", f.file("log"), err)
		}
	}
}

func (f folder) join(ctx context.Context, n note) (string, error) {
	h, err := openHome(filepath.Join(n.base(f), homeName))
	if err != nil {
		return "", err
	}
	url, err := h.url(n.Port)
	if err != nil {
		return "", err
	}
	return url, ensureDatabase(ctx, url)
}

// start makes the cluster where it is missing and starts its server, which inherits alive.
func (f folder) start(ctx context.Context, cfg Config, n note, alive *os.File) (string, error) {
	h, err := f.settle(ctx, cfg, &n)
	if err != nil {
		return "", err
	}
	major, err := h.major()
	if err != nil {
		return "", err
	}
	bin, err := newSearch(cfg.BinDir).find(ctx, h, n.base(f), major)
	if err != nil {
		return "", err
	}
	if major == 0 {
		f.log.Info("embedded postgresql is being made", "path", h.path, "version", bin.major)
		if err := h.initdb(ctx, bin, alive, cfg.Volatile); err != nil {
			return "", err
		}
	}
	n.BinDir = bin.dir
	return f.serve(ctx, cfg, n, h, bin, alive)
}

// stop shuts the server down and returns when its last process is gone. The caller is the last user.
func (f folder) stop(ctx context.Context) error {
	n, err := f.readNote()
	if err != nil {
		return err
	}
	h, err := openHome(filepath.Join(n.base(f), homeName))
	if err != nil {
		return err
	}
	// pg_ctl signals as the server's own user, so that a forged pid file cannot make root signal anything else.
	out, stopErr := h.command(ctx, filepath.Join(n.BinDir, "pg_ctl"), "stop", "-D", h.data(), "-m", "fast", "-W").CombinedOutput()
	for {
		alive, err := f.seize()
		if err != nil {
			return err
		}
		if alive != nil { // also when pg_ctl failed because the server was gone before
			f.log.Info("embedded postgresql stopped", "path", h.path)
			return alive.Close()
		}
		if stopErr != nil {
			return fmt.Errorf("stop the server: %w: %s", stopErr, out)
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("wait for the server to stop: %w", err)
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(poll):
		return nil
	}
}
