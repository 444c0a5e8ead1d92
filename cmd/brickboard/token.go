package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/transport/auth"
)

func (p *program) tokenCommand() *cobra.Command {
	var user, scope string
	var ttl time.Duration
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print a token, signed with the HS256 secret",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return p.printToken(user, scope, ttl) },
	}
	cmd.Flags().StringVar(&user, "user", "", "the collector that the token speaks for")
	cmd.Flags().StringVar(&scope, "scope", "", "scopes, with spaces between, such as "+auth.ScopeReadAny)
	cmd.Flags().DurationVar(&ttl, "ttl", time.Hour, "how long the token is good")
	mustGive(cmd, "user")
	return cmd
}

func (p *program) printToken(user, scope string, ttl time.Duration) error {
	id, err := domain.ParseCollectorID(user)
	if err != nil {
		return usageError{fmt.Errorf("--user %q: %w", user, err)}
	}
	if ttl <= 0 {
		return usageError{fmt.Errorf("--ttl %s: give a time above zero, such as 1h", ttl)}
	}
	secret, err := p.config.secret()
	if err != nil {
		return err
	}
	if secret == nil {
		return errors.New("there is no secret to sign with: give --jwt-secret, or run 'brickboard serve --demo' once, which makes one in the data folder")
	}
	signer := auth.NewSigner(secret, p.config.JWTIssuer, p.config.JWTAudience, time.Now)
	token, _, err := signer.Sign(id, strings.Fields(scope), ttl)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	_, err = fmt.Fprintln(p.stdout, token)
	return err
}
