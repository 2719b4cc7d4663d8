# shellcheck shell=bash
# Something of bob's that ends with Workbench, takes a second and a half for it, and writes as it ends. ACTION: start, stop.
# shellcheck disable=SC2154,SC2016 # variables come from the caller; the program's own words

main() {
    case $ACTION in
        start)
            rm -f /home/bob/last-words
            systemd-run --quiet --unit=last-words --uid=bob --property=PartOf=rstudio-server.service --property=KillMode=mixed \
                /bin/bash -c 'exec 3>>/home/bob/last-words
                    trap "sleep 1.5; echo last >&3; exit 0" TERM
                    while :; do sleep 0.1; done'
            ;;
        stop) systemctl stop last-words.service 2>/dev/null || true ;;
    esac
}
