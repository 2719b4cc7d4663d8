# shellcheck shell=bash
# Prints how many mails this host has sent, ever.

main() {
    local spool=/var/spool/posit-mail/mail.jsonl
    if [ -f "$spool" ]; then wc -l <"$spool"; else echo 0; fi
}
