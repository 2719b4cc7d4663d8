# shellcheck shell=bash
# What the scripts that build production have in common. Sent to a host in front of one of them; never run alone.

say() {
    echo "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

volume_device() { # volume id
    echo "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${1/-/}"
}

# A new file system on each volume, mounted for good. VOLUMES: lines of "volume-id mount-point [folder of the volume]".
mount_volumes() {
    local volume mount folder device waited
    while read -r volume mount folder; do
        device=$(volume_device "$volume")
        waited=0
        until [ -b "$device" ]; do
            [ "$waited" -lt 300 ] || fail "$device did not appear"
            sleep 0.1
            waited=$((waited + 1))
        done
        blkid "$device" >/dev/null || mkfs.ext4 -q -m 0 "$device"
        mkdir -p "$mount"
        if [ -n "$folder" ]; then
            mount_folder "$device" "/mnt/$volume" "$folder" "$mount"
            continue
        fi
        grep -q " $mount ext4 " /etc/fstab || echo "$device $mount ext4 defaults,nofail 0 2" >>/etc/fstab
        mountpoint -q "$mount" || mount_over "$device" "$mount"
    done <<<"$VOLUMES"
    if [ -n "$SHARED_HOMES" ]; then
        mkdir -p "$SHARED_HOMES"
        cp -a /home/. "$SHARED_HOMES/"
        echo "$SHARED_HOMES /home none bind,nofail 0 0" >>/etc/fstab
        mount /home
    fi
}

# Only a folder of the volume is shown, as where data lies on a system's own volume.
mount_folder() { # device whole folder mount-point
    mkdir -p "$2"
    if ! mountpoint -q "$2"; then
        echo "$1 $2 ext4 defaults,nofail 0 2" >>/etc/fstab
        mount "$2"
    fi
    mkdir -p "$2$3"
    cp -a "$4/." "$2$3/"
    echo "$2$3 $4 none bind,nofail,x-systemd.requires-mounts-for=$2 0 0" >>/etc/fstab
    mount "$4"
}

# Postgres on this host, as somebody set it up by hand: LOCAL_UNIT with its data in LOCAL_DATA.
local_postgres() {
    local programs=/usr/lib/postgresql/$POSTGRES_MAJOR/bin
    apt_get_install "postgresql-$POSTGRES_MAJOR"
    getent passwd postgres >/dev/null || useradd --system --home-dir /var/lib/postgresql postgres
    chown postgres:postgres /var/lib/postgresql
    install -d -o postgres -g postgres "$(dirname "$LOCAL_DATA")"
    runuser -u postgres -- "$programs/initdb" -D "$LOCAL_DATA" --auth-local=peer --auth-host=scram-sha-256 >/dev/null
    cat >"/etc/systemd/system/$LOCAL_UNIT.service" <<UNIT
[Unit]
Description=PostgreSQL
RequiresMountsFor=$LOCAL_DATA
[Service]
User=postgres
RuntimeDirectory=postgresql
ExecStart=$programs/postgres -D $LOCAL_DATA -c unix_socket_directories=/run/postgresql
ExecReload=/bin/kill -HUP \$MAINPID
KillSignal=SIGINT
[Install]
WantedBy=multi-user.target
UNIT
    systemctl daemon-reload
    systemctl enable --now "$LOCAL_UNIT" >&2
    until runuser -u postgres -- psql -qAtX -c 'SELECT 1' >/dev/null 2>&1; do sleep 0.1; done
    runuser -u postgres -- psql -qX <<SQL
CREATE ROLE $DATABASE_ROLE LOGIN PASSWORD '$DATABASE_PASSWORD';
CREATE DATABASE $DATABASE_NAME OWNER $DATABASE_ROLE;
SQL
}

# TLS to a server elsewhere, none to one's own host.
database_sslmode() {
    if [ "$DATABASE_KIND" = local ]; then echo disable; else echo verify-full; fi
}

# What lay in the folder before (the login user's home below /home) goes on the volume, or it would be hidden.
mount_over() { # device mount-point
    local aside
    aside=$(mktemp -d)
    mount "$1" "$aside"
    cp -a "$2/." "$aside/"
    umount "$aside"
    rmdir "$aside"
    mount "$2"
}

package_source() {
    install -d -m 0755 /etc/apt/keyrings
    printf '%s\n' "$SIGNING_KEY" >/etc/apt/keyrings/posit.asc
    echo "deb [signed-by=/etc/apt/keyrings/posit.asc] $REPOSITORY ./" >/etc/apt/sources.list.d/posit.list
}

install_package() { apt_get_install "$1=$2"; } # package version

apt_get_install() { # package...
    package_source
    local only=(-o Dir::Etc::sourcelist=/etc/apt/sources.list.d/posit.list -o Dir::Etc::sourceparts=-
        -o APT::Get::List-Cleanup=0)
    apt-get "${only[@]}" -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get "${only[@]}" -y -qq install "$@" >&2
}

# Volumes below the product's data directory are the product's too.
own_places() { # account
    local volume mount folder
    while read -r volume mount folder; do
        case $mount in /var/lib/rstudio-*) chown "$1:$1" "$mount" ;; esac
    done <<<"$VOLUMES"
}

database_ca() {
    printf '%s\n' "$DATABASE_CA" >/etc/ssl/certs/posit-database-ca.pem
    chmod 0644 /etc/ssl/certs/posit-database-ca.pem
}

wait_for_health() { # url seconds
    local waited=0
    until curl -fsS -o /dev/null "$1" 2>/dev/null; do
        [ "$waited" -lt $(($2 * 5)) ] || fail "$1 does not answer"
        sleep 0.2
        waited=$((waited + 1))
    done
}

# Data that nobody reads, in pieces as real ones come: a few big files and many small. Random, so that no disk and no
# copying tool can cheat. FILLERS: lines of "folder owner megabytes".
fillers() {
    local folder owner megabytes
    while read -r folder owner megabytes; do
        if [ "$megabytes" -gt 0 ]; then filler "$folder" "$owner" "$megabytes"; fi
    done <<<"$FILLERS"
}

filler() { # folder owner megabytes
    local folder=$1 owner=$2 big=$(($3 * 9 / 10)) part=0
    install -d -o "$owner" -g "$owner" "$folder" "$folder/small"
    while [ "$big" -gt 0 ]; do
        part=$((part + 1))
        head -c "$((big < 64 ? big : 64))M" /dev/urandom >"$folder/part-$part.bin"
        big=$((big - 64))
    done
    head -c "$(($3 / 10 + 1))M" /dev/urandom | split -b 32K -a 4 - "$folder/small/piece-"
    chown -R "$owner:$owner" "$folder"
}
