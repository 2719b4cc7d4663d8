#!/usr/bin/env bash
# Plays findmnt by "mounts", a line "target device folder type" for each: of --target PATH the one that it lies on, of PATH that one, and with -R
# all below it. Columns as -o says; of a folder's mount the source is "DEVICE[/folder]".
columns=TARGET target='' place='' below=0
while [ $# -gt 0 ]; do
    case $1 in
        -o) columns=$2; shift ;;
        --target) target=$2; shift ;;
        -R) below=1 ;;
        -*) ;;
        *) place=$1 ;;
    esac
    shift
done
awk -v columns="$columns" -v target="$target" -v place="$place" -v below="$below" '
    function said(  list, n, i, out, word) {
        n = split(columns, list, ",")
        for (i = 1; i <= n; i++) {
            word = list[i] == "TARGET" ? $1 : list[i] == "FSROOT" ? $3 : list[i] == "FSTYPE" ? $4 : $2 ($3 == "/" ? "" : "[" $3 "]")
            out = out (i > 1 ? " " : "") word
        }
        return out
    }
    target != "" && ($1 == "/" || index(target "/", $1 "/") == 1) && length($1) >= longest { longest = length($1); found = said() }
    place != "" && $1 == place { here = said() "\n" here }
    place != "" && below && index($1, place "/") == 1 { under = under said() "\n" }
    END {
        if (target != "") { if (found == "") exit 1; print found } else { if (here == "") exit 1; printf "%s%s", here, under }
    }' "$HOST_ROOT/mounts"
