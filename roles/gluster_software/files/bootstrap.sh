# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Sent to a node as text, before any module can run there. It is given three words:
#   install or look; the interpreter that the inventory names, or ""; a folder of RPMs on the node, or "";
#   the controller's time in seconds since 1970.
# It says in lines that begin with "brickwork" what it found and did; plugins/plugin_utils/cluster/bootstrap.py reads them.
mode=$1 interpreter=$2 folder=$3 asked=$4

# The newest first, as Ansible itself looks for it. A python3 without its library is none.
find_python() {
    for python in ${interpreter:-python3.14 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8 python3.7 \
            python3 /usr/bin/python3 /usr/libexec/platform-python}; do
        version=$("$python" -c 'import json, sys, zipfile; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) &&
            echo "brickwork python $version $(command -v "$python")" && return 0
    done
    return 1
}

apt_python() {
    apt-get -o DPkg::Lock::Timeout=120 -qq -y --no-install-recommends install python3 python3-apt 2>&1
}

# Where an earlier installation was cut off, apt does nothing until dpkg has completed that.
install_by_apt() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=120 -qq update || return 1
    said=$(apt_python) && return 0
    echo "$said"
    case $said in
        *'dpkg --configure -a'*) dpkg --force-confdef --force-confold --configure -a; apt_python ;;
        *) return 1 ;;
    esac
}

install_python() {
    case $tool in
        apt-get) install_by_apt ;;
        rpm) rpm -U "$folder"/*.rpm ;;
        *) if [ -n "$folder" ]; then "$tool" -y --disablerepo='*' install "$folder"/*.rpm; else "$tool" -y install python3; fi ;;
    esac
}

echo "brickwork clock $asked $(date +%s 2>/dev/null)"
# Blocks free for root, blocks, bytes of a block, and which file system it is. What is mounted read-only is never full.
for place in /etc /var; do
    [ -w "$place" ] && stat -f -c "brickwork space:$place %f %b %S %i" "$place" 2>/dev/null
done
glusterfs --version 2>/dev/null | sed -n "1s/^glusterfs /brickwork gluster /p"
find_python && exit 0
for tool in dnf yum ${folder:+rpm} apt-get none; do
    command -v "$tool" >/dev/null 2>&1 && break
done
echo "brickwork missing $tool"
[ "$mode" = install ] && [ "$tool" != none ] || exit 0
install_python >&2 && find_python && echo "brickwork installed $tool"
