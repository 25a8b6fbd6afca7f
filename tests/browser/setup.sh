#!/usr/bin/env bash
# Print where Chromium is for the browser tests; fetch Debian's, if it is missing and this may.
set -euo pipefail

found() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser; }

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends chromium-headless-shell >/dev/null \
    || apt-get install -qq -y --no-install-recommends chromium >/dev/null
  found && exit 0
fi
echo "error: the browser tests need Chromium" >&2
echo "hint: as root on Debian, apt-get install chromium-headless-shell; elsewhere, put chromium on the path" >&2
exit 1
