#!/usr/bin/env bash
# Installs what is missing and nothing else: system packages for the window and its tests, packages of the page.
# A second run finds everything there and says nothing.
set -euo pipefail
source "$(dirname "$0")/say.sh"

# A command, pkg-config module or file that must be there, and the Debian package that brings it. The plugins of GStreamer
# make the window play what customers send; without them it says so and opens it outside.
readonly NEEDED=(
  "module webkit2gtk-4.1    libwebkit2gtk-4.1-dev"
  "module gtk+-3.0          libgtk-3-dev"
  "module librsvg-2.0       librsvg2-dev"
  "command cc               build-essential"
  "command pkg-config       pkg-config"
  "command curl             curl"
  "command WebKitWebDriver  webkit2gtk-driver"
  "command Xvfb             xvfb"
  "command dbus-daemon      dbus"
  "command gnome-keyring-daemon gnome-keyring"
  "command import           imagemagick"
  "command xwininfo         x11-utils"
  "command sqlite3          sqlite3"
  "glob /usr/lib/*/gstreamer-1.0/libgstisomp4.so gstreamer1.0-plugins-good"
  "glob /usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so gstreamer1.0-plugins-bad"
  "glob /usr/lib/*/gstreamer-1.0/libgstlibav.so gstreamer1.0-libav"
  "file /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf fonts-noto-color-emoji"
  "file /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf fonts-noto-core"
  "file /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk"
)

is_there() {
  case "$1" in
    module) command -v pkg-config >/dev/null && pkg-config --exists "$2" ;;
    command) command -v "$2" >/dev/null ;;
    file) [[ -e "$2" ]] ;;
    glob) compgen -G "$2" >/dev/null ;;
  esac
}

missing_packages() {
  local kind name package
  for line in "${NEEDED[@]}"; do
    read -r kind name package <<<"$line"
    is_there "$kind" "$name" || printf '%s\n' "$package"
  done
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

install_packages() {
  local log
  command -v apt-get >/dev/null ||
    stop "These are missing, and this is not a Debian machine: $*. Install their counterparts and run this again."
  say "Installing with apt-get (a few minutes the first time): $*"
  log="$(mktemp)"
  export DEBIAN_FRONTEND=noninteractive
  if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "apt-get did not manage. With root rights, run: apt-get install --no-install-recommends $*"
  fi
  rm -f "$log"
  say "Installed."
}

check_given() {
  command -v cargo >/dev/null || stop "Rust is missing. Install it from https://rustup.rs, then run this again."
  command -v npm >/dev/null || stop "Node is missing. Install Node 20.19 or later, then run this again."
}

# The lock file's hash is kept beside the packages, so that a changed lock installs anew and an unchanged one does not.
install_page_packages() {
  local wanted mark=ui/node_modules/.baton-lock
  wanted="$(sha256sum ui/package-lock.json | cut -d ' ' -f 1)"
  [[ -f "$mark" && "$(cat "$mark")" == "$wanted" ]] && return
  say "Installing the packages of the page (npm ci)"
  npm --prefix ui ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$wanted" >"$mark"
}

check_given
mapfile -t packages < <(missing_packages)
((${#packages[@]} == 0)) || install_packages "${packages[@]}"
install_page_packages
