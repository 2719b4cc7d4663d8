#!/usr/bin/env bash
# Plays systemctl in a folder: one file per unit holds its state, every question is noted.
# A file "fail-WORD" makes that sub-command fail, "slow-stop" makes a stop take that many seconds.
set -uo pipefail
cd "$HOST_ROOT" || exit 1

words=()
for word in "$@"; do
    case $word in -*) ;; *) words+=("$word") ;; esac
done
action=${words[0]}
units=("${words[@]:1}")
echo "systemctl ${words[*]}" >>calls
if [ -e "fail-$action" ]; then exit 1; fi

state_of() {
    local unit=${1%.service}
    if [ -f "units/$unit" ]; then cat "units/$unit"; else echo inactive; fi
}

# A runtime drop-in may forbid the start; no daemon-reload is waited for.
may_start() {
    local drop_in=run/systemd/system/${1%.service}.service.d/50-posit-window.conf condition
    [ -f "$drop_in" ] || return 0
    condition=$(sed -n 's/^ConditionPathExists=!//p' "$drop_in")
    [ ! -e "$condition" ]
}

status=0
case $action in
    is-active)
        for unit in "${units[@]}"; do
            state=$(state_of "$unit")
            [[ " $* " == *" --quiet "* ]] || echo "$state"
            [ "$state" = active ] || status=3
        done
        ;;
    start)
        # What the marker said when the first unit was started.
        [ -e marker-at-start ] || cat var/lib/posit-upgrade/captures/*.json >marker-at-start 2>/dev/null
        for unit in "${units[@]}"; do if may_start "$unit"; then printf active >"units/${unit%.service}"; fi; done
        ;;
    stop)
        if [ -f slow-stop ]; then sleep "$(cat slow-stop)"; fi
        if [ ! -e stubborn ]; then
            for unit in "${units[@]}"; do printf inactive >"units/${unit%.service}"; done
        fi
        ;;
    cat) [ -f "units/${units[0]}" ] || status=1 ;;
    is-enabled) [ -e "units/enabled-${units[0]}" ] || status=1 ;;
    enable) : >"units/enabled-${units[0]}" ;;
    disable) rm -f "units/enabled-${units[0]}" ;;
    show) echo "MainPID=$(cat "units/${units[0]}.pid" 2>/dev/null || echo 0)" ;;
    is-system-running) cat system-state 2>/dev/null || echo running ;;
esac
exit "$status"
