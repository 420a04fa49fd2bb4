# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# restore_copy.sh COPY DATABASE READER: puts a copy in the place of heketi's database, as a whole or not at all. It is read
# as READER and written as heketi, so a link that heketi's account has put there leads to nothing that is not its own.
set -eu -o pipefail
copy=$1 database=$2 reader=$3
runuser -u "$reader" -- cat -- "$copy" |
    runuser -u heketi -- sh -c 'umask 077; cat > "$1.new" && mv -f "$1.new" "$1"' sh "$database"
