#!/usr/bin/env bash
# The maintenance notice on a closed product's port, so that users learn why; its units and files come with arming and go with the thaw.
# Carries hosts/carried/notice.sh (NOTICE_SCRIPT) where it is put up. Needs marker.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

NOTICE_SOCKET=posit-maintenance.socket
# Readable by whom the notice runs as, writable by root only.
NOTICE_DIR=${HOST_ROOT:-}/var/lib/posit-upgrade-notice
# Why users find the product closed, and until when; as text.
NOTICE_TEXT=$NOTICE_DIR/notice.txt

# A socket unit on the product's port that answers 503 with Retry-After, so that no client takes the notice for content.
write_notice() { write_notice_socket && write_notice_service && write_notice_responder; }

write_notice_socket() {
    write_file "$UNIT_DIR/$NOTICE_SOCKET" <<UNIT
# Tells users of a closed product to come back later. Written and removed by posit-upgrade.
[Unit]
Description=Maintenance notice on port $PORT

[Socket]
ListenStream=$PORT
Accept=yes
MaxConnections=64
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
UNIT
}

write_notice_service() {
    write_file "$UNIT_DIR/posit-maintenance@.service" <<UNIT
[Unit]
Description=Maintenance notice
CollectMode=inactive-or-failed

[Service]
ExecStart=/bin/bash $NOTICE_DIR/notice.sh $NOTICE_TEXT
StandardInput=socket
StandardError=null
# It reads what anybody on the network sends.
DynamicUser=yes
NoNewPrivileges=yes
PrivateDevices=yes
MemoryMax=32M
TasksMax=16
TimeoutStopSec=1
RuntimeMaxSec=15
UNIT
}

# The text stays as a window has left it.
write_notice_responder() {
    install -d -m 0755 "$NOTICE_DIR" || return 1
    if [ ! -f "$NOTICE_TEXT" ]; then printf 'Closed for maintenance.\n' | write_file "$NOTICE_TEXT" || return 1; fi
    printf '%s' "$NOTICE_SCRIPT" | write_file "$NOTICE_DIR/notice.sh" 0755
}

notice_on() { systemctl start "$NOTICE_SOCKET"; }

notice_off() {
    if systemctl is-active --quiet "$NOTICE_SOCKET"; then systemctl stop "$NOTICE_SOCKET" 'posit-maintenance@*.service'; fi
}

remove_notice() {
    notice_off || true
    systemctl disable --quiet "$NOTICE_SOCKET" 2>/dev/null || true
    rm -f "$UNIT_DIR/$NOTICE_SOCKET" "$UNIT_DIR/posit-maintenance@.service"
    rm -rf "$NOTICE_DIR" "$STATE_DIR"/notice.{sh,txt}
}
