# shellcheck shell=bash
# Fills the disk that the tool keeps its state on, or frees it again: a tiny file system over its folder. ACTION: fill, free.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local folder=/var/lib/posit-upgrade
    case $ACTION in
        fill)
            mkdir -p "$folder"
            mount -t tmpfs -o size=8k,mode=0700 full-disk "$folder"
            dd if=/dev/zero of="$folder/filler" bs=4k count=2 status=none 2>/dev/null || true
            ;;
        free) umount "$folder" ;;
    esac
}
