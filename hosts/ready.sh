#!/usr/bin/env bash
# Waits until the first boot has ended well, so that nothing races cloud-init. It is the first to come by the new host key, so the old
# one is given up.
set -euo pipefail

main() {
    local status
    forget_old_key
    if command -v cloud-init >/dev/null; then
        timeout 600 cloud-init status --wait >/dev/null 2>&1 || true
        # Its own exit status is 2 when it ended well with warnings.
        status=$({ cloud-init status 2>/dev/null || true; } | sed -n 's/^status: *//p')
        case $status in
            done | disabled | 'not run') ;;
            *) fail "cloud-init on $HOSTNAME ended with \"$status\"; see /var/log/cloud-init-output.log there." ;;
        esac
    fi
    json_object os "$(os_codename)"
    echo
}

os_codename() {
    # shellcheck disable=SC1091 # the host's own file
    (. /etc/os-release && printf '%s' "${VERSION_CODENAME:-${VERSION_ID:-unknown}}")
}
