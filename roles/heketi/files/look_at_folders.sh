# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# look_at_folders.sh DATA_FOLDER BACKUP_FOLDER: says in a line each why this role won't give heketi one of these folders.
# It gives only what is not there yet, or what an earlier run or heketi's package gave; and no one but root may be able to
# lead its path elsewhere.
data=${1%/} backup=${2%/}
host=$(uname -n)

# What is on the way to a folder: root's own, each.
parents() {
    option=$1 part=
    set -f
    IFS=/
    # shellcheck disable=SC2086
    set -- ${2#/}
    unset IFS
    while [ $# -gt 1 ]; do
        part=$part/$1
        shift
        if [ -L "$part" ]; then
            echo "$option: $part on $host is a link; name the folder itself"
            return
        fi
        [ -e "$part" ] || return
        # The role makes it root's before it makes a folder in it.
        [ "$part" != "$data" ] || continue
        if [ -n "$(find "$part" -maxdepth 0 \( ! -user root -o -perm /022 ! -perm -1000 \))" ]; then
            echo "$option: $part on $host can be changed by others than root; name a folder in one of root's"
            return
        fi
    done
}

folder() {
    option=$1 path=$2 owners=$3
    parents "$option" "$path"
    if [ -L "$path" ]; then
        echo "$option: $path on $host is a link; name the folder itself"
    elif [ -e "$path" ] && [ ! -d "$path" ]; then
        echo "$option: $path on $host is no folder; name another"
    elif [ -e "$path" ]; then
        owner=$(stat -c %U:%G "$path")
        case " $owners " in
            *" $owner "*) ;;
            *) echo "$option: $path on $host is there already and belongs to $owner, so it is not heketi's; name a folder that is not there" ;;
        esac
    fi
}

folder heketi_data_folder "$data" "heketi:heketi root:heketi"
folder heketi_backup_folder "$backup" heketi:heketi
