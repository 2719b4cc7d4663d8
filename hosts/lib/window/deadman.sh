#!/usr/bin/env bash
# What opens a closed host whatever becomes of its window, and what keeps it closed until then: timers, boot unit, a flag that forbids starts.
#
# While a host may be closed, DEADMAN_DIR exists and holds the thaw script beside the facts (lib/window/marker.sh). Whatever reopens the host runs
# that same script: the end of the window, silence on the connection, a timer, the window's own death (ExecStopPost), the boot unit.
# Needs marker, notice, dumpFolder; running_timetables needs os.
# shellcheck disable=SC2034 # much is used by the scripts that are rendered after it
set -euo pipefail

# Exists from the stop to the thaw; a runtime drop-in of every unit forbids starts meanwhile, whoever asks for them. Both lie
# where a disk that turns read-only can't keep them.
CLOSED_FLAG=$RUN_DIR/closed
BOOT_UNIT=posit-thaw-boot.service
DROP_IN=50-posit-window.conf
# Each comes again every minute until `disarm` stops it: whatever failed may go the next time. The last is a failed thaw's.
DEADMAN_TIMERS=(posit-deadman posit-deadman-closed posit-deadman-stay posit-deadman-retry)
# In the order of starting: a database on this host comes before its product, and ends after it.
CLOSED_UNITS=(${DATABASE_UNITS[@]+"${DATABASE_UNITS[@]}"} "${UNITS[@]}")

# ---- timers and boot unit ----

# A service can't start a timer of its own name (systemd: "was already loaded"), so the timer itself comes again.
start_timer() { # name seconds reason
    systemctl stop "$1.timer" 2>/dev/null || true
    systemctl reset-failed "$1.service" "$1.timer" 2>/dev/null || true
    systemd-run --quiet --on-active="$2" --on-unit-inactive=60 --timer-property=AccuracySec=1s --unit="$1" \
        /bin/bash "$DEADMAN_DIR/thaw.sh" "$3" && systemctl is-active --quiet "$1.timer"
}

# Run by that very timer it is armed already.
start_retry() { # seconds
    systemctl is-active --quiet posit-deadman-retry.timer || start_timer posit-deadman-retry "$1" dead-man
}

stop_timers() {
    systemctl stop posit-deadman.timer posit-deadman-closed.timer 2>/dev/null || true
}

write_boot_unit() {
    write_file "$UNIT_DIR/$BOOT_UNIT" <<UNIT
# Opens the product again after a reboot in the middle of a capture. Written and removed by posit-upgrade.
[Unit]
Description=Open the product again that a capture had closed
ConditionPathExists=$DEADMAN_DIR/thaw.sh
After=local-fs.target network.target
Before=${CLOSED_UNITS[*]/%/.service}

[Service]
Type=oneshot
# The units that follow wait for this one, so it only clears the way; they start by themselves.
ExecStart=/bin/bash $DEADMAN_DIR/thaw.sh boot

[Install]
WantedBy=multi-user.target
UNIT
}

# ---- what forbids starts ----

# Starts of the product's units do nothing while it is closed.
write_drop_ins() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        printf '[Unit]\nConditionPathExists=!%s\n' "$CLOSED_FLAG" |
            write_file "$RUNTIME_UNIT_DIR/$unit.service.d/$DROP_IN" || return 1
    done
}

remove_drop_ins() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        rm -f "$RUNTIME_UNIT_DIR/$unit.service.d/$DROP_IN"
        rmdir "$RUNTIME_UNIT_DIR/$unit.service.d" 2>/dev/null || true
    done
}

# What keeps units from starting can be put up and taken away again, before anything depends on it.
prove_flags() {
    : >"$CLOSED_FLAG" && [ -e "$CLOSED_FLAG" ] && rm -f "$CLOSED_FLAG" && [ ! -e "$CLOSED_FLAG" ] &&
        write_drop_ins && remove_drop_ins && ! drop_ins_left && write_drop_ins
}

drop_ins_left() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        if [ -e "$RUNTIME_UNIT_DIR/$unit.service.d/$DROP_IN" ]; then return; fi
    done
    return 1
}

# Starts are allowed again. A flag that can't be removed forbids nothing once nobody asks for it.
allow_starts() {
    rm -f "$CLOSED_FLAG" 2>/dev/null || true
    if [ -e "$CLOSED_FLAG" ]; then
        remove_drop_ins
        systemctl daemon-reload 2>/dev/null || true
    fi
}

# ---- users' timetables ----

# Those of them that run, to be stopped together with the product: what they would begin nobody could see.
running_timetables() {
    local unit
    unit=$(os_service cron)
    if unit_active "$unit"; then echo "$unit"; fi
}

start_timetables() {
    local unit
    for unit in $(fact_of timetables); do systemctl start --no-block "$unit" || true; done
}

# ---- the end ----

# After the thaw: nothing of the window stays behind but the marker.
disarm() {
    systemctl stop "${DEADMAN_TIMERS[@]/%/.timer}" 2>/dev/null || true
    systemctl disable --quiet "$BOOT_UNIT" 2>/dev/null || true
    rm -f "$UNIT_DIR/$BOOT_UNIT"
    remove_drop_ins
    remove_dump
    rm -f "$CLOSED_FLAG" 2>/dev/null || true
    rm -rf "$DEADMAN_DIR" 2>/dev/null || true
    # On a disk that is read-only the folder stays, and what /run says of it counts.
    if [ ! -d "$FACTS_DIR" ]; then rm -rf "$RUN_FACTS"; fi
    if [ ! -e "$RETIRED_FLAG" ]; then remove_notice; fi
    systemctl daemon-reload 2>/dev/null || true
}
