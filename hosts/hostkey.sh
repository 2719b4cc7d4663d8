#!/usr/bin/env bash
# Replaces the host key that came by user data, and so is known to others, by one that the host makes for itself. Answers the new
# public key over the connection that the old one protects. Once only: a second run answers the same key.
# The answer may be lost with the connection, or the program end before it uses it. So from some minutes later on the host shows the
# old and the new key in turn, until somebody has come by the new one (hosts/ready.sh): a new host is dialled for longer than a turn.
set -euo pipefail

FIRST_TURN=10min
TURN=2min

main() {
    # cloud-init writes the bootstrap key; done later it would put that one back.
    if command -v cloud-init >/dev/null; then timeout 600 cloud-init status --wait >/dev/null 2>&1 || true; fi
    if [ ! -e "$MADE_FLAG" ]; then
        make_key
        forget_bootstrap_key
        find "$(dirname "$HOST_KEY")" -maxdepth 1 -name 'ssh_host_*' ! -name 'ssh_host_ed25519_key*' -delete
        : >"$MADE_FLAG"
        take_turns
        # This connection goes on with the old key; new ones see the new key.
        show_key new
    fi
    json_object hostKey "$(cut -d ' ' -f 1,2 "$(new_public_key)")"
    echo
}

make_key() {
    rm -rf "$BOTH_KEYS"
    install -d -m 0700 "$STATE_DIR" "$BOTH_KEYS" "$BOTH_KEYS/old" "$BOTH_KEYS/new"
    cp -p "$HOST_KEY" "$BOTH_KEYS/old/key"
    cp -p "$HOST_KEY.pub" "$BOTH_KEYS/old/key.pub"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$BOTH_KEYS/new/key"
}

# Whichever is shown just now.
new_public_key() {
    if [ -d "$BOTH_KEYS" ]; then echo "$BOTH_KEYS/new/key.pub"; else echo "$HOST_KEY.pub"; fi
}

# On disk, and begun anew at boot, so that a reboot in these minutes changes nothing.
take_turns() {
    {
        printf '#!/bin/bash\nset -euo pipefail\nBOTH_KEYS=%q HOST_KEY=%q\n' "$BOTH_KEYS" "$HOST_KEY"
        declare -f show_key
        # shellcheck disable=SC2016 # the script's own
        printf '%s\n' 'if cmp -s "$BOTH_KEYS/new/key.pub" "$HOST_KEY.pub"; then show_key old; else show_key new; fi'
    } | write_file "$BOTH_KEYS/turn.sh" 0700
    printf '[Unit]\nDescription=Shows the other host key, until somebody came by the new one\n\n[Service]\nType=oneshot\nExecStart=/bin/bash %s\n' \
        "$BOTH_KEYS/turn.sh" | write_file "$UNIT_DIR/$TURN_UNIT.service"
    printf '[Timer]\nOnActiveSec=%s\nOnUnitActiveSec=%s\n\n[Install]\nWantedBy=timers.target\n' "$FIRST_TURN" "$TURN" |
        write_file "$UNIT_DIR/$TURN_UNIT.timer"
    systemctl daemon-reload
    systemctl enable --quiet "$TURN_UNIT.timer"
    systemctl restart "$TURN_UNIT.timer"
}

# A reboot must not bring the bootstrap key back.
forget_bootstrap_key() {
    if [ -d "${HOST_ROOT:-}/etc/cloud/cloud.cfg.d" ]; then
        printf 'ssh_deletekeys: false\nssh_genkeytypes: []\n' | write_file "${HOST_ROOT:-}/etc/cloud/cloud.cfg.d/99-posit-upgrade.cfg"
    fi
}
