# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# try_chain.sh USER VERSION MODULE...: tries on a node what heketi needs there, and prints a line for each link of the
# chain: its name and "ok", or what was said. Whoever runs it is heketi's user, and nothing is changed.
user=$1 version=$2
shift 2
sudo='sudo -n' lvm=
[ "$user" != root ] || sudo=
[ "$version" = 9 ] || lvm=/usr/sbin/lvm
PATH=/usr/sbin:/usr/bin:/sbin:/bin

link() {
    name=$1
    shift
    if said=$("$@" 2>&1); then echo "$name ok"; else echo "$name $(echo "${said:-failed}" | tail -n 1)"; fi
}

# Whether sudo would find the program and let it run, without running it.
may() {
    [ -z "$sudo" ] || sudo -n -l "$@" >/dev/null
}

try_lvm() {
    for program in pvcreate vgcreate lvcreate; do
        command -v "$program" >/dev/null || { echo "$program: not found"; return 1; }
    done
    may $lvm vgdisplay -c vg_0 && may mkfs.xfs -i size=512 -n size=8192 /dev/mapper/vg_0-brick_0 &&
        $sudo $lvm lvs --reportformat json --units k
}

try_glusterd() {
    $sudo systemctl status glusterd >/dev/null && return
    echo "$(systemctl is-active glusterd)"
    return 1
}

try_thin_check() {
    command -v thin_check >/dev/null || { echo "thin_check: not found"; return 1; }
}

try_modules() {
    for module in "$@"; do
        [ -d "/sys/module/$module" ] || { echo "$module is not loaded"; return 1; }
        grep -qsx "$module" /etc/modules-load.d/*.conf || { echo "$module is not loaded at boot"; return 1; }
    done
}

link sudo may systemctl status glusterd
link glusterd try_glusterd
link lvm try_lvm
link thin_check try_thin_check
link modules try_modules "$@"
