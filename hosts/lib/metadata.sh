#!/usr/bin/env bash
# What EC2 tells this instance of itself, by IMDSv2 (EC2 user guide, "Access instance metadata for an EC2 instance"). Nothing where nobody answers:
# on another cloud, or where it is switched off.
set -euo pipefail

METADATA_HOST=169.254.169.254
METADATA_PORT=80

# PATH below /latest/meta-data/.
metadata() { # path
    local token
    token=$(metadata_request PUT /latest/api/token 'X-aws-ec2-metadata-token-ttl-seconds: 60')
    if [ -n "$token" ]; then metadata_request GET "/latest/meta-data/$1" "X-aws-ec2-metadata-token: $token"; fi
}

# The body of an answer with status 200, else nothing. Bash's own sockets: production hosts may have no curl.
metadata_request() { # method path header
    # shellcheck disable=SC2016 # the inner bash reads its own arguments
    { timeout 2 bash -c '
        exec 7<>"/dev/tcp/$1/$2"
        printf "%s %s HTTP/1.0\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\n" "$3" "$4" "$1" "$5" >&7
        cat <&7' metadata "$METADATA_HOST" "$METADATA_PORT" "$1" "$2" "$3" 2>/dev/null || true; } |
        tr -d '\r' | awk 'NR == 1 { ok = $2 == 200; next } ok && body { print } $0 == "" { body = 1 }'
}

# ARN of the instance profile.
metadata_profile() { metadata iam/info | grep -oE '"InstanceProfileArn" *: *"[^"]+"' | cut -d '"' -f 4 || true; }

# Of images from AWS Marketplace.
metadata_product_codes() { metadata product-codes | paste -s -d ' '; }

# Older types show volumes as /dev/xvd…, without their ids (kernel documentation, sysfs-hypervisor-xen).
on_xen() { [ "$(cat "${HOST_ROOT:-}/sys/hypervisor/type" 2>/dev/null || true)" = xen ]; }
