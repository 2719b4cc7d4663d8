# shellcheck shell=bash
# Connect listens on another port than its own, or on its own again. ACTION: begin, end. PORT OTHER.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local file=/etc/rstudio-connect/rstudio-connect.gcfg from=$PORT to=$OTHER tries
    if [ "$ACTION" = end ]; then from=$OTHER to=$PORT; fi
    sed -i "s/^Listen = :$from\$/Listen = :$to/" "$file"
    systemctl restart rstudio-connect
    for ((tries = 0; tries < 300; tries++)); do
        if curl -fsS -o /dev/null "http://localhost:$to/__ping__" 2>/dev/null; then return; fi
        sleep 0.1
    done
    echo "Connect does not answer on port $to." >&2
    return 1
}
