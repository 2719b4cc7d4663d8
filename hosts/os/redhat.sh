#!/usr/bin/env bash
# Red Hat Enterprise Linux, Fedora and what is made from them. A production of this family can be read, closed and left; new hosts can't
# be of it yet, so each word that changes a host refuses.
# shellcheck disable=SC2034,SC2154 # lib/os.sh stands beside it
set -euo pipefail

OS_FAMILIES+=(redhat)
redhat_is() { [[ $1 == rhel || $1 == fedora || $1 == centos ]]; }

# Of what is not there rpm says so where it says versions.
redhat_installed() {
    local version
    version=$(rpm --query --queryformat='%{VERSION}-%{RELEASE}' "$1" 2>/dev/null) || return 0
    printf '%s' "$version"
}

redhat_service() {
    case $1 in
        cron) echo crond ;;
        *) redhat_refuses "tell the unit for $1" ;;
    esac
}

redhat_versions() { redhat_refuses "look which versions of $1 can be had"; }
redhat_install() { redhat_refuses "install $1 $2"; }
redhat_hold() { redhat_refuses "hold $1 at its version"; }
redhat_held() { redhat_refuses "tell whether $1 is held at its version"; }
redhat_ca_store() { redhat_refuses "add to the store of certificates"; }

# What the image brings is as good.
redhat_need() { os_found "$1" "" || redhat_refuses "install $1${2:+ $2}"; }

redhat_refuses() { # to do what
    fail "this version moves Debian and Ubuntu; $HOSTNAME is of Red Hat's family, where it can't $1. Take an image of Debian or Ubuntu (posit:operatingSystem)."
}
