#!/bin/sh
# SPDX-License-Identifier: MIT
# fetch-face-models.sh DIRECTORY: MediaPipe's face detector and face mesh (Apache-2.0), out of the npm package that has them.
set -eu
here=$(dirname "$0") directory=$1
package=@mediapipe/face_mesh@0.4.1633559619
file=face_mesh_solution_packed_assets.data
sh "$here/npm-file.sh" "$directory/npm" $package $file "$directory/face_mesh.tflite" \
    c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1 2495952 1241896
sh "$here/npm-file.sh" "$directory/npm" $package $file "$directory/face_detector.tflite" \
    3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633 3757224 229032
rm -rf "$directory/npm"
