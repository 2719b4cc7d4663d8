#!/bin/bash
# Builds one host image as a tarball: Debian with systemd, sshd and the real cloud-init, made to boot under
# systemd-nspawn in two seconds. Usage: image.sh SUITE TARBALL PACKAGES(comma-separated)
# With --customize ROOT it is mmdebstrap's hook: what is changed in the unpacked system.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)

customize() {
    local root=$1
    # What boots slowly, needs real hardware, or would fetch from the internet has no place in a guest.
    local unit
    for unit in apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service \
        e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer man-db.timer logrotate.timer \
        systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket systemd-udevd-control.socket \
        systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service systemd-resolved.service \
        systemd-timesyncd.service console-getty.service getty.target systemd-pstore.service \
        cloud-init-hotplugd.socket; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
    install -D -m 644 "$here/guest/cloud.cfg" "$root/etc/cloud/cloud.cfg.d/99-host.cfg"
    install -D -m 755 "$here/guest/attach-volumes.sh" "$root/usr/local/lib/cloud/attach-volumes.sh"
    install -D -m 644 "$here/guest/attach-volumes.service" "$root/etc/systemd/system/attach-volumes.service"
    mkdir -p "$root/etc/systemd/system/local-fs.target.wants"
    ln -sf ../attach-volumes.service "$root/etc/systemd/system/local-fs.target.wants/attach-volumes.service"
    echo 'en_US.UTF-8 UTF-8' > "$root/etc/locale.gen"
    chroot "$root" locale-gen > /dev/null
    echo 'LANG=en_US.UTF-8' > "$root/etc/default/locale"
    install -d "$root/etc/ssh/sshd_config.d"
    echo 'PasswordAuthentication no' > "$root/etc/ssh/sshd_config.d/host.conf"
    # Each host gets its own: host keys from its user data, machine id at first boot.
    rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
    : > "$root/etc/machine-id"
    # The journal in memory: less disk, nothing lost that a test would look for after a reboot.
    install -d "$root/etc/systemd/journald.conf.d"
    printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > "$root/etc/systemd/journald.conf.d/host.conf"
    # No package source: a host knows only the repository it is told of.
    rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
    rm -f "$root/etc/resolv.conf" "$root/etc/hostname"
}

if [ "$1" = --customize ]; then
    customize "$2"
    exit
fi

suite=$1 tarball=$2 packages=$3
exec mmdebstrap --quiet --format=tar --variant=minbase --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-include=/usr/share/locale/locale.alias' --dpkgopt='force-unsafe-io' \
    --customize-hook="bash '$here/image.sh' --customize \"\$1\"" \
    "$suite" "$tarball" < /dev/null
