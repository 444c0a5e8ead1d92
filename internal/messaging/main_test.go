package messaging

import (
	"testing"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestMain(m *testing.M) { testsupport.Main(m) }
