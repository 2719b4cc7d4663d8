# shellcheck shell=bash
# A session of bob's that computes and ignores being asked to suspend, or its end. ACTION: start, stop.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    case $ACTION in
        start)
            systemd-run --quiet --unit=busy-session --uid=bob --setenv=HOME=/home/bob \
                /usr/lib/rstudio-server/bin/rsession --session-id busy-1 --kind rsession --busy
            ;;
        stop) systemctl stop busy-session.service 2>/dev/null || true ;;
    esac
}
