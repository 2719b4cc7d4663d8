#!/usr/bin/env bash
# Waits until the first boot has ended well, so that nothing races cloud-init. It is the first to come by the new host key, so the old
# one is given up. Tells a wrong image at once.
# Variables: FAMILY.
# shellcheck disable=SC2153,SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local status family
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
    family=$(os_family)
    [ "$family" = "$FAMILY" ] ||
        fail "$HOSTNAME runs $(os_release ID) $(os_codename), which is of the family ${family:-unknown}, and posit:operatingSystem.family says $FAMILY: correct that, or take another image, destroy this environment and begin anew."
    json_object os "$(os_codename)"
    echo
}
