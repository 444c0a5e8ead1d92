package messaging

import (
	"hash/fnv"

	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
)

// The topics of the collections' events and the consumer group of the projections. They name tables and positions: a
// changed name loses messages or replays all history, and another number of topics moves collectors between them.
const (
	Collection0 = "collection_0"
	Collection1 = "collection_1"

	ProjectionsGroup = "projections"
)

// Topics lists all topics, in the order of their numbers.
func Topics() []string {
	return []string{Collection0, Collection1}
}

// TopicFor is the topic of a collector's events: always the same, by FNV-1a of the collector's id. The upper half is
// folded into the lower one, whose last bit is no more than the parity of the bytes' last bits.
func TopicFor(collector string) string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(collector))
	sum := hash.Sum32()
	topics := Topics()
	return topics[(sum^sum>>16)%uint32(len(topics))]
}

func messagesTable(topic string) string {
	return watermillsql.DefaultPostgreSQLSchema{}.MessagesTable(topic)
}

func positionsTable(topic string) string {
	return watermillsql.DefaultPostgreSQLOffsetsAdapter{}.MessagesOffsetsTable(topic)
}
