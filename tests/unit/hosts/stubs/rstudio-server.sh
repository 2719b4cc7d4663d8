#!/usr/bin/env bash
# Plays Workbench's command line: the offline marker, and sessions as lines of a file.
set -uo pipefail
cd "$HOST_ROOT" || exit 1
echo "rstudio-server $*" >>calls
if [ -e "fail-rstudio-server-$1" ]; then exit 1; fi
case $1 in
    offline) : >var/lib/rstudio-server/offline ;;
    online) rm -f var/lib/rstudio-server/offline ;;
    suspend-all) if [ -f sessions ]; then sed -i '/idle/d' sessions; fi ;;
    force-suspend-all) if [ -f sessions ]; then sed -i '/busy/d' sessions; fi ;;
esac
exit 0
