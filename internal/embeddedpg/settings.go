package embeddedpg

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// settings are the server's arguments. Here, and not in a file, they hold for clusters made by an older version of us.
func (h home) settings(cfg Config, port int, bin binaries) []string {
	durable, connections := "on", 200
	if cfg.Volatile {
		durable, connections = "off", 2000
	}
	set := []string{
		"-D", h.data(),
		"-c", "fsync=" + durable, "-c", "full_page_writes=" + durable, "-c", "synchronous_commit=on",
		"-c", fmt.Sprint("max_connections=", connections), "-c", "shared_buffers=128MB",
		"-c", "jit=off", // statements here are short; compiling them is not
		"-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "log_line_prefix=%m [%p] ",
		"-c", "log_min_messages=log", // failed statements are told to their client; the log stays small
		"-c", "log_checkpoints=off", "-c", "logging_collector=off", "-c", "log_destination=stderr",
	}
	if bin.major >= 15 || runtime.GOOS == "linux" { // 14 refuses it elsewhere
		set = append(set, "-c", "client_connection_check_interval=1s")
	}
	if port != 0 {
		return append(set, "-c", "listen_addresses=127.0.0.1", "-p", strconv.Itoa(port), "-c", "unix_socket_directories=")
	}
	quoted := `"` + strings.ReplaceAll(h.path, `"`, `""`) + `"`
	return append(set, "-c", "listen_addresses=", "-p", strconv.Itoa(socketPort),
		"-c", "unix_socket_directories="+quoted, "-c", "unix_socket_permissions=0700")
}
