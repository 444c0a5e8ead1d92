package messaging

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Record is one message as it was stored. Metadata is watermill's JSON object of strings; it and Payload are nil where
// the table holds NULL, and whatever somebody wrote there otherwise: whoever decodes them expects anything.
type Record struct {
	UUID     string
	Metadata []byte
	Payload  []byte
}

const fieldsOfRecord = 3

var errBatchCut = errors.New("batch ends too early")

// EncodeBatch puts records into the payload of one message: their number, then of each the UUID, the metadata and the
// payload. Every field is a length plus one and that many bytes; nil is 0. Numbers are unsigned varints.
func EncodeBatch(records []Record) []byte {
	size := binary.MaxVarintLen64
	for _, r := range records {
		size += fieldsOfRecord*binary.MaxVarintLen32 + len(r.UUID) + len(r.Metadata) + len(r.Payload)
	}
	batch := binary.AppendUvarint(make([]byte, 0, size), uint64(len(records)))
	for _, r := range records {
		batch = binary.AppendUvarint(batch, uint64(len(r.UUID))+1)
		batch = append(batch, r.UUID...)
		batch = appendField(batch, r.Metadata)
		batch = appendField(batch, r.Payload)
	}
	return batch
}

func appendField(batch, field []byte) []byte {
	if field == nil {
		return append(batch, 0)
	}
	return append(binary.AppendUvarint(batch, uint64(len(field))+1), field...)
}

// DecodeBatch reads what EncodeBatch wrote. The records share batch's memory. It takes any bytes: memory is bounded by
// a small multiple of their number, and what is no batch, or more than one, is an error.
func DecodeBatch(batch []byte) ([]Record, error) {
	n, size := binary.Uvarint(batch)
	if size <= 0 {
		return nil, errBatchCut
	}
	batch = batch[size:]
	if n > uint64(len(batch)/fieldsOfRecord) { // a field takes a byte at least
		return nil, errBatchCut
	}
	records := make([]Record, n)
	for i := range records {
		var fields [fieldsOfRecord][]byte
		for f := range fields {
			var err error
			if fields[f], batch, err = cutField(batch); err != nil {
				return nil, fmt.Errorf("record %d: %w", i, err)
			}
		}
		records[i] = Record{UUID: string(fields[0]), Metadata: fields[1], Payload: fields[2]}
	}
	if len(batch) > 0 {
		return nil, fmt.Errorf("%d bytes behind the batch", len(batch))
	}
	return records, nil
}

func cutField(batch []byte) (field, rest []byte, err error) {
	length, size := binary.Uvarint(batch)
	switch {
	case size <= 0:
		return nil, nil, errBatchCut
	case length == 0:
		return nil, batch[size:], nil
	case length-1 > uint64(len(batch)-size):
		return nil, nil, errBatchCut
	}
	end := size + int(length-1)
	return batch[size:end:end], batch[end:], nil
}
