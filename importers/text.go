package importers

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
)

const maxBytes = 8 << 20

// textOf gives the text of a file: unzipped if it is gzip, without its byte order mark, and not longer than maxBytes,
// beyond which reading fails. Its beginning can be looked at with head. An archive is refused with the given advice.
func textOf(r io.Reader, insteadOfArchive string) (*bufio.Reader, error) {
	packed := bufio.NewReader(r)
	start, err := head(packed)
	if err != nil {
		return nil, err
	}
	var plain io.Reader = packed
	switch {
	case len(start) == 0:
		return nil, &FileError{Reason: "the file is empty"}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, &FileError{Reason: insteadOfArchive}
	case bytes.HasPrefix(start, []byte("\x1f\x8b")):
		if plain, err = gunzip(packed); err != nil {
			return nil, err
		}
	}
	text := bufio.NewReader(&bounded{r: plain, left: maxBytes})
	return text, skipMark(text)
}

// head shows what the text begins with, up to 512 bytes, without reading it.
func head(text *bufio.Reader) ([]byte, error) {
	start, err := text.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError("read beginning of file", err)
	}
	return start, nil
}

func skipMark(text *bufio.Reader) error {
	start, err := head(text)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		_, err = text.Discard(3)
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		err = &FileError{Reason: "the file is in UTF-16: save it as UTF-8"}
	}
	return err
}

// bounded fails after left bytes, where io.LimitReader would end and make a long file look like a short one.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, &FileError{Reason: "the file has more than 8 MiB of text: is it the right one?"}
	}
	return n, err
}

// unzipped tells a damaged archive from a reader that fails.
type unzipped struct {
	gz *gzip.Reader
}

func gunzip(r io.Reader) (io.Reader, error) {
	gz, err := gzip.NewReader(r)
	if err != nil {
		return nil, damaged(err)
	}
	return unzipped{gz: gz}, nil
}

func (u unzipped) Read(p []byte) (int, error) {
	n, err := u.gz.Read(p)
	return n, damaged(err)
}

func damaged(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, &corrupt) {
		return &FileError{Reason: "the gzip file is damaged or was cut off: download it again"}
	}
	return err
}
