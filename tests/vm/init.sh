#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# The first process of the tests' virtual machine. Its root becomes the host's, read-only over 9p with what is written kept
# in memory; /out is the host's folder for what the tests bring back. Then /job runs, and the machine ends.
export PATH=/bin
busybox mount -t proc proc /proc
busybox --install -s /bin
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do
    case $module in
    vivid.ko) options="n_devs=2 node_types=0x1,0x1 num_inputs=1,1 input_types=0x0,0x0" ;;  # two webcams
    *) options= ;;
    esac
    insmod /modules/"$module" $options || echo "the guest can't load $module"
done </modules/order

over="trans=virtio,version=9p2000.L,msize=1048576"
mount -t tmpfs -o size=60% memory /memory
mkdir /memory/written /memory/work
mount -t 9p -o $over,ro,cache=loose host /host
mount -t overlay -o lowerdir=/host,upperdir=/memory/written,workdir=/memory/work root /root
mkdir -p /root/out /root/run
for each in dev proc sys; do mount --move /$each /root/$each; done
mkdir -p /root/dev/pts /root/dev/shm
mount -t devpts devpts /root/dev/pts
mount -t tmpfs shm /root/dev/shm
mount -t tmpfs run /root/run
mount -t 9p -o $over,cache=none out /root/out
cp /job /root/run/job
ip link set lo up
exec switch_root /root /bin/sh /run/job
