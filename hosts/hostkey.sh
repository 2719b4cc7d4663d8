#!/usr/bin/env bash
# Replaces the host key that came by user data, and so is known to others, by one that the host makes for itself. Answers the new
# public key over the connection that the old one protects. Once only: a second run answers the same key.
set -euo pipefail

KEY=/etc/ssh/ssh_host_ed25519_key

main() {
    # cloud-init writes the bootstrap key; done later it would put that one back.
    if command -v cloud-init >/dev/null; then timeout 600 cloud-init status --wait >/dev/null 2>&1 || true; fi
    if [ ! -e "$MADE_FLAG" ]; then
        install -d -m 0700 "$STATE_DIR"
        rm -f "$KEY.new" "$KEY.new.pub"
        ssh-keygen -q -t ed25519 -N '' -C '' -f "$KEY.new"
        mv -f "$KEY.new.pub" "$KEY.pub"
        mv -f "$KEY.new" "$KEY"
        find /etc/ssh -maxdepth 1 -name 'ssh_host_*' ! -name 'ssh_host_ed25519_key*' -delete
        : >"$MADE_FLAG"
        forget_bootstrap_key
        # This connection goes on with the old key; new ones see the new key.
        systemctl reload ssh 2>/dev/null || systemctl reload sshd
    fi
    json_object hostKey "$(cut -d ' ' -f 1,2 "$KEY.pub")"
    echo
}

# A reboot must not bring the bootstrap key back.
forget_bootstrap_key() {
    if [ -d /etc/cloud/cloud.cfg.d ]; then
        printf 'ssh_deletekeys: false\nssh_genkeytypes: []\n' | write_file /etc/cloud/cloud.cfg.d/99-posit-upgrade.cfg
    fi
}
