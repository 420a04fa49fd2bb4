# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# make_folder.sh PATH OWNER MODE make|look: makes a folder for heketi, or gives one to root that was heketi's alone; then
# "made" is said on stderr. A link is never followed: what heketi owns already is left as it is.
set -eu
path=${1%/} owner=$2 mode=$3 how=$4
found=$(stat -c '%F %U:%G %a' "$path" 2>/dev/null || true)
case $found in
    "") ;;
    "directory $owner $mode") exit 0 ;;
    "directory heketi:heketi "*) [ "$owner" != heketi:heketi ] || exit 0 ;;
    "directory $owner "*) ;;
    *) echo "$path is there already ($found), and this role did not make it" >&2; exit 1 ;;
esac
echo made >&2
[ "$how" = make ] || exit 0
if [ -z "$found" ]; then
    (umask 022; mkdir -p "$(dirname "$path")")
    (umask 077; mkdir "$path")
fi
# Its parent is root's, or as /tmp is: while it is root's own no one can put anything in its place. So its owner comes last.
chown -h root "$path"
chmod "$mode" "$path"
chown -h "$owner" "$path"
