#!/bin/sh
# SPDX-License-Identifier: MIT
# fetch-kernel.sh DIRECTORY: a Debian kernel and the modules that the tests' virtual machine needs, for machine.py:
# DIRECTORY/vmlinuz, DIRECTORY/modules/*.ko and DIRECTORY/modules/order. Out of /boot where it can be read there, else out
# of Debian's package, which is unpacked and not installed.
set -eu
directory=$1
wanted="virtio_pci virtio_console 9pnet_virtio 9p overlay vivid snd-aloop"
PATH=$PATH:/usr/sbin:/sbin

fail() { echo "fetch-kernel.sh: $*" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || fail "the virtual machine is an x86-64 one, this is $(uname -m)"
for command in modprobe depmod dpkg-deb apt-get apt-cache; do
    command -v $command >/dev/null || fail "needs $command"
done
mkdir -p "$directory"
work=$(mktemp -d "$directory/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

# collect ROOT VERSION: what is wanted of the kernel below ROOT, in the order in which it has to be loaded.
collect() {
    mkdir "$work/take" "$work/take/modules" || return 1
    cp "$1/boot/vmlinuz-$2" "$work/take/vmlinuz" || return 1
    for module in $wanted; do
        modprobe -d "$1" -S "$2" --show-depends $module || return 1
    done >"$work/loading"
    # Options from this machine's own configuration are of no use in the guest: the path alone, which may have blanks.
    sed -n 's/^insmod \(.*\.ko[.a-z0-9]*\)\( .*\)\{0,1\}$/\1/p' "$work/loading" | awk '!seen[$0]++' | while read -r path; do
        case $path in *.ko) ;; *) echo "fetch-kernel.sh: $path is compressed" >&2; return 1 ;; esac
        cp "$path" "$work/take/modules/" && basename "$path" >>"$work/take/modules/order" || return 1
    done
}

place() {
    rm -rf "$directory/modules" "$directory/vmlinuz"
    mv "$work/take/modules" "$directory/modules"
    mv "$work/take/vmlinuz" "$directory/vmlinuz"  # last: its presence says that all is there
    echo "the virtual machine's kernel: $1"
    exit 0
}

for kernel in /boot/vmlinuz-*; do
    version=${kernel#/boot/vmlinuz-}
    if [ -r "$kernel" ] && collect "" "$version" 2>/dev/null; then place "$version, installed here"; fi
    rm -rf "$work/take"
done

package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
[ -n "$package" ] || fail "apt knows no linux-image-amd64 (apt-get update?)"
(cd "$work" && apt-get download -qq -o APT::Sandbox::User=root "$package") || fail "apt could not fetch $package"
dpkg-deb -x "$work"/linux-image-*.deb "$work/root" || fail "$package could not be unpacked"
version=$(ls "$work/root/lib/modules")
depmod -b "$work/root" "$version"
collect "$work/root" "$version" || fail "$package has not what is wanted: $wanted"
place "$version, out of Debian's package"
