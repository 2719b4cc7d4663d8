#!/usr/bin/env bash
# What each family of distributions does in its own way, in words of one meaning; which family this is, the host is asked itself. A word's
# work stands in hosts/os/FAMILY.sh as FAMILY_word, in front of this; nothing else names a package manager or a distribution's path.
# shellcheck disable=SC2034 # much is used by the scripts that are rendered after it
set -euo pipefail

# While this exists no package starts a unit. It lies in memory, and goes with the unit that installs, however that ends: what
# stays behind after a power cut forbids nothing.
INSTALLING=$RUN_DIR/installing
# "debian", …; asked once.
OS_FAMILY=

# package → its version, exactly as the package manager says it; nothing when it isn't there.
os_installed() { os_word installed "$@"; }
# package, its repository and that one's key → versions that can be had there, a line each.
os_versions() { os_word versions "$@"; }
# package and version: exactly that one, of the repository that os_versions looked into, whatever is there now. Units don't start by it.
os_install() { os_word install "$@"; }
# package: no upgrade changes it.
os_hold() { os_word hold "$@"; }
os_held() { os_word held "$@"; }
# command, its version where that matters, and what else could be done: it is there afterwards, and OS_COMMAND is its path.
os_need() { os_word need "$@"; }
# what it does (cron) → the name of its unit.
os_service() { os_word service "$@"; }
# → the folder that programs look into for certificates of authorities.
os_ca_store() { os_word ca_store "$@"; }

os_word() { # word arguments...
    local word=$1
    shift
    [ -n "${OS_FAMILY:=$(os_family)}" ] ||
        fail "$HOSTNAME runs \"$(os_release ID)\", which is of no family that this version knows (${OS_FAMILIES[*]}; it goes by ID and ID_LIKE in /etc/os-release)."
    "${OS_FAMILY}_$word" "$@"
}

# By its own name first, then by what it says that it is like; nothing when nobody knows any of them.
os_family() {
    local word words family
    read -ra words <<<"$(os_release ID) $(os_release ID_LIKE)"
    for word in ${words[@]+"${words[@]}"}; do
        for family in "${OS_FAMILIES[@]}"; do
            if "${family}_is" "$word"; then
                printf '%s' "$family"
                return
            fi
        done
    done
}

# For what os_need is asked: at its path, or, without one, anywhere that commands are looked for.
os_found() { # command [path]
    if [ -z "$2" ]; then
        OS_COMMAND=$(command -v "$1")
    else
        OS_COMMAND=${HOST_ROOT:-}$2
        [ -x "$OS_COMMAND" ]
    fi
}

# What the distribution says of itself (ID, VERSION_CODENAME, ...), in the one of two places that counts (os-release(5)); nothing where
# it says none.
os_release() { # field
    local file=${HOST_ROOT:-}/etc/os-release
    [ -e "$file" ] || file=${HOST_ROOT:-}/usr/lib/os-release
    # shellcheck source=/dev/null # the host's own file
    (unset "$1" && . "$file" && printf '%s' "${!1:-}") 2>/dev/null || true
}

# "noble", or the number where a distribution has no names.
os_codename() {
    local name
    name=$(os_release VERSION_CODENAME)
    [ -n "$name" ] || name=$(os_release VERSION_ID)
    printf '%s' "${name:-unknown}"
}
