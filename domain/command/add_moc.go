package command

import (
	"context"

	"github.com/brickboard/brickboard/domain"
)

// AddMOC adds a MOC to a collection.
type AddMOC struct {
	Collector domain.CollectorID
	Draft     domain.MOCDraft
}

// AddMOC returns the new MOC, at version 1.
func (s *Service) AddMOC(ctx context.Context, cmd AddMOC) (domain.MOC, error) {
	return create(ctx, s, cmd.Collector, cmd.queue)
}

// AddMOCOnce adds the MOC at most once for the key, and answers with what encode made of it the first time.
func (s *Service) AddMOCOnce(ctx context.Context, cmd AddMOC, key Key, encode func(domain.MOC) (Answer, error)) (Answer, error) {
	return createOnce(ctx, s, cmd.Collector, key, cmd.queue, encode)
}

func (cmd AddMOC) queue(ctx context.Context, u *unit) (domain.MOC, error) {
	moc, err := domain.NewMOC(cmd.Collector, newID(), cmd.Draft, u.now())
	if err != nil {
		return domain.MOC{}, err
	}
	return moc, u.insertMOC(ctx, moc)
}
