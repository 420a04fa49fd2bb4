# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# export_copy.sh COPY PROGRAM READER: prints a copy of heketi's database as JSON. heketi opens what it exports for writing,
# so it gets a copy of the copy, which is read as READER and opened as heketi.
set -eu -o pipefail
copy=$1 program=$2 reader=$3
folder=$(runuser -u heketi -- mktemp -d)
trap 'runuser -u heketi -- rm -rf -- "$folder"' EXIT
runuser -u "$reader" -- cat -- "$copy" | runuser -u heketi -- sh -c 'cat > "$1"' sh "$folder/heketi.db"
runuser -u heketi -- "$program" db export --jsonfile="$folder/heketi.json" --dbfile="$folder/heketi.db" >&2
runuser -u heketi -- cat "$folder/heketi.json"
