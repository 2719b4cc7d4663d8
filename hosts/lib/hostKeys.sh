#!/usr/bin/env bash
# The host key of a new host, and the one before it while nobody has come with the new one: until then the host shows both in turn, so
# that whoever knows either gets in after a while.
set -euo pipefail

HOST_KEY=${HOST_ROOT:-}/etc/ssh/ssh_host_ed25519_key
# Holds old/ and new/ with a key each, and the script that changes them.
BOTH_KEYS=$STATE_DIR/host-keys
TURN_UNIT=posit-host-key-turn

# Both halves are whole at any time; connections that stand are not disturbed.
show_key() { # old|new
    cp -p "$BOTH_KEYS/$1/key.pub" "$HOST_KEY.pub.part"
    cp -p "$BOTH_KEYS/$1/key" "$HOST_KEY.part"
    mv -f "$HOST_KEY.pub.part" "$HOST_KEY.pub"
    mv -f "$HOST_KEY.part" "$HOST_KEY"
    systemctl reload ssh 2>/dev/null || systemctl reload sshd
}

# Whoever runs this came by the new key; the old one, which others know, is gone for good.
forget_old_key() {
    [ -d "$BOTH_KEYS" ] || return 0
    systemctl disable --quiet "$TURN_UNIT.timer" 2>/dev/null || true
    systemctl stop "$TURN_UNIT.timer" "$TURN_UNIT.service" 2>/dev/null || true
    show_key new
    rm -f "$UNIT_DIR/$TURN_UNIT.timer" "$UNIT_DIR/$TURN_UNIT.service"
    rm -rf "$BOTH_KEYS"
    systemctl daemon-reload
}
