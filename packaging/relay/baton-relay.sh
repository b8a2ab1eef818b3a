#!/bin/sh
# Installed as /usr/local/bin/baton-relay: whoever types `baton-relay …` runs it as the relay's own user and with its
# settings. Run as root the program would leave files that the relay itself may not open.
set -- env BATON_RELAY_CONFIG=/etc/baton/relay.toml /usr/local/lib/baton/baton-relay "$@"
case "$(id -un)" in
  baton) exec "$@" ;;
  root) exec runuser -u baton -- "$@" ;;
  *) exec sudo -u baton -- "$@" ;;
esac
