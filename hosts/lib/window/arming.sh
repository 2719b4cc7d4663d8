#!/usr/bin/env bash
# What a window does before anything is touched: takes the floor, finds out whether this host could be closed and opened again at all, and
# lays down everything that opens it without us. Needs marker, deadman, notice.
# Variables: TOKEN.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# When the product was asked before it is closed, and answered.
ASKED_AT=''
ANSWERED_AT=''

# One window at a time on a host, and none while it stays closed or is retired.
take_the_floor() {
    install -d -m 0700 "$RUN_DIR"
    exec 9>"$RUN_DIR/window.lock"
    flock -n 9 || refuse "another window is under way on $HOSTNAME; wait until it has ended"
    # Of a run that broke off between storing its script and starting it.
    rm -f "$RUN_DIR"/window-*.sh
    [ ! -e "$RETIRED_FLAG" ] || refuse "$HOSTNAME is retired: it serves nobody, so there is nothing to capture"
    [ ! -e "$STAYING_FLAG" ] || refuse "$HOSTNAME stays closed since the capture $(fact_of token); serve or revert that one first"
    [ ! -d "$FACTS_DIR" ] || refuse "$HOSTNAME still carries the dead-man of capture $(fact_of token), which opens it soon; try again in a minute"
    # Armed and called off before anything was stopped is no capture; closed once is.
    if grep -qs '"closedAt"' "$CAPTURE_DIR/$TOKEN.json"; then refuse "$HOSTNAME has closed for the token $TOKEN before; take a new token"; fi
}

# The thaw will ask where we ask now; what does not answer here would be closed and never be believed to be open again.
meet_the_product() {
    local unit tries
    for unit in "${UNITS[@]}"; do unit_active "$unit" || return 0; done
    ASKED_AT=$(now_iso)
    for ((tries = 0; tries < 20; tries++)); do
        if product_answers; then
            ANSWERED_AT=$(now_iso)
            return
        fi
        sleep 0.1
    done
    refuse "$PRODUCT_TITLE runs on $HOSTNAME and does not answer on port $PORT: nothing was touched. If it listens elsewhere (ss -ltnp), set posit:current.$PRODUCT.productPort"
}

# Everything that opens this host without us, written to disk and tried for; nothing of the product is touched. Called where
# a failure is handled, so that every step says for itself that it failed (set -e is off there).
arm() { # thaw-script seconds
    rm -rf "$RUN_FACTS"
    install -d -m 0700 "$STATE_DIR" "$CAPTURE_DIR" "$DEADMAN_DIR" "$FACTS_DIR" &&
        printf '%s' "$1" | write_file "$DEADMAN_DIR/thaw.sh" 0700 &&
        # A disk that is full may keep a name and lose the text.
        [ "$(<"$DEADMAN_DIR/thaw.sh")" = "${1%$'\n'}" ] &&
        /bin/bash -n "$DEADMAN_DIR/thaw.sh" &&
        note_beginnings &&
        write_boot_unit &&
        prove_flags &&
        write_notice &&
        systemctl daemon-reload &&
        systemctl enable --quiet "$BOOT_UNIT" &&
        systemctl is-enabled --quiet "$BOOT_UNIT" &&
        start_timer posit-deadman "$2" dead-man &&
        sync -f "$DEADMAN_DIR/thaw.sh"
}

# What the thaw and the marker need to know.
note_beginnings() {
    local unit active=''
    for unit in "${CLOSED_UNITS[@]}"; do
        if unit_active "$unit"; then active+="${active:+ }$unit"; fi
    done
    fact activeUnits "$active" && fact timetables "$(running_timetables | tr '\n' ' ')" && product_remember && fact token "$TOKEN" && fact product "$PRODUCT" &&
        { [ -z "$ANSWERED_AT" ] || { fact askedAt "$ASKED_AT" && fact answeredAt "$ANSWERED_AT"; }; } &&
        fact armedAt "$(now_iso)" && fact state armed && write_marker
}

refuse() {
    emit error reason "$*."
    exit 1
}
