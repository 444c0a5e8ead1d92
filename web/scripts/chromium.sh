#!/bin/sh
# Provides a Chromium for the tests in a browser: an installed one, else Debian's, else Playwright's own.
set -u
for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
	command -v "$name" > /dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
	echo 'installing chromium for the tests in a browser'
	apt-get install -y --no-install-recommends chromium > /dev/null 2>&1 ||
		{ apt-get update > /dev/null 2>&1 && apt-get install -y --no-install-recommends chromium > /dev/null 2>&1; } && exit 0
fi
npx playwright install chromium && exit 0
echo 'The tests in a browser need Chromium, and it could not be installed: install chromium or google-chrome, and have it on PATH.' >&2
exit 1
