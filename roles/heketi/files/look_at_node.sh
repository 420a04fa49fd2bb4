# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# look_at_node.sh USER: says in lines what is there of heketi's account on a node, and changes nothing:
#   python PATH     the system's Python, which others than root can't change
#   account ENTRY   the account's line of the accounts
#   sudoers LINE    what this role wrote for it
#   unsafe TEXT     what stands in the way
user=$1
for python in /usr/bin/python3 /usr/libexec/platform-python /usr/bin/python3.*[0-9]; do
    if [ -x "$python" ]; then echo "python $python"; break; fi
done
getent passwd "$user" | sed 's/^/account /'
sed 's/^/sudoers /' /etc/sudoers.d/brickwork-heketi 2>/dev/null
home=$(getent passwd "$user" | cut -d: -f6)
for path in ${home:+"$home" "$home/.ssh" "$home/.ssh/authorized_keys"} /var/lib/heketi /var/lib/heketi/mounts; do
    [ ! -L "$path" ] || echo "unsafe $path is a link; put what it leads to in its place, or remove the link"
done
for path in ${home:+"$(dirname "$home")"} /var/lib; do
    [ -z "$(find "$path" -maxdepth 0 \( ! -user root -o -perm /022 ! -perm -1000 \) 2>/dev/null)" ] ||
        echo "unsafe $path can be changed by others than root (chown root, chmod go-w)"
done
