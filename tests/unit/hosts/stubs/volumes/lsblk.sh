#!/usr/bin/env bash
# Plays lsblk -s -o TYPE: what a device is made of stands in "DEVICE.made-of", else it is a disk.
cat "${*: -1}.made-of" 2>/dev/null || echo disk
