#!/bin/sh
# Provides a Chromium for the tests in a browser: one that is there, else Debian's where packages may be installed,
# else Playwright's own. What the installers say is shown where nothing helped.
set -u
cd "$(dirname "$0")/.." || exit 1

there() {
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
		command -v "$name" > /dev/null 2>&1 && return
	done
	return 1
}

may_install_packages() {
	[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1
}

debians() {
	there && return # another run was faster
	export DEBIAN_FRONTEND=noninteractive
	set -- apt-get -y -o DPkg::Lock::Timeout=600
	"$@" install --no-install-recommends chromium ||
		{ "$@" update && "$@" install --no-install-recommends chromium; }
}

# Playwright's own needs libraries, which only an administrator can install: so it is tried.
playwrights() {
	if may_install_packages; then with_deps=--with-deps; fi
	npx playwright install ${with_deps:-} chromium &&
		node -e "require('@playwright/test').chromium.launch().then((browser) => browser.close())"
}

[ "${1:-}" = debians ] && { debians; exit; }
there && exit

log=$(mktemp) && trap 'rm -f "$log"' EXIT
echo 'installing Chromium for the tests in a browser'
# The lock is for runs side by side: apt-get waits for others with packages, but not with their lists.
if may_install_packages && flock /etc/apt scripts/chromium.sh debians > "$log" 2>&1 && there; then exit; fi
playwrights >> "$log" 2>&1 && exit
tail -n 20 "$log" >&2
echo 'The tests in a browser need Chromium, and it could not be installed: install chromium or google-chrome, and have it on PATH.' >&2
exit 1
