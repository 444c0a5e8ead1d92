package command

import (
	"context"

	"github.com/brickboard/brickboard/domain"
)

// AddSet adds an owned set to a collection, also when one of the same number is there.
type AddSet struct {
	Collector domain.CollectorID
	Draft     domain.SetDraft
}

// AddSet returns the new set, at version 1.
func (s *Service) AddSet(ctx context.Context, cmd AddSet) (domain.Set, error) {
	return create(ctx, s, cmd.Collector, cmd.queue)
}

// AddSetOnce adds the set at most once for the key, and answers with what encode made of it the first time.
func (s *Service) AddSetOnce(ctx context.Context, cmd AddSet, key Key, encode func(domain.Set) (Answer, error)) (Answer, error) {
	return createOnce(ctx, s, cmd.Collector, key, cmd.queue, encode)
}

func (cmd AddSet) queue(ctx context.Context, u *unit) (domain.Set, error) {
	set, err := domain.NewSet(cmd.Collector, newID(), cmd.Draft, u.now())
	if err != nil {
		return domain.Set{}, err
	}
	return set, u.insertSet(ctx, set)
}
