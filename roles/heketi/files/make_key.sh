# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# make_key.sh FILE TYPE make|look: prints the public half of the private key, which is made where there is none; then
# "made" is said on stderr. A file that is there is never written over.
set -eu
file=$1 type=$2 how=$3
umask 077
if [ ! -s "$file" ]; then
    echo made >&2
    [ "$how" = make ] || exit 0
    rm -f "$file.new" "$file.new.pub"
    # PEM is the form that old programs read; ed25519 keys have none and stay as they are.
    ssh-keygen -q -t "$type" -m PEM -N '' -C "heketi@$(hostname)" -f "$file.new"
    chown heketi: "$file.new"
    rm -f "$file.new.pub"
    sync
    mv "$file.new" "$file"
fi
# Without its comment, which may have lines of its own: each would be a key that lets in somebody.
public=$(ssh-keygen -y -P '' -f "$file" </dev/null | head -n 1 | cut -d ' ' -f 1,2)
case $public in
    *"$type"*) echo "$public" ;;
    *) echo "$file is a key of another type than $type; move it away to have a new one made" >&2; exit 1 ;;
esac
