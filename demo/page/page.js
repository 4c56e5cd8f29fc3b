// SPDX-License-Identifier: MIT
"use strict";

const STREAM = "hls/demo.m3u8";
const video = document.getElementById("video");
const state = document.getElementById("state");
const sound = document.getElementById("sound");

function tell(text) { state.textContent = text; }

// Browsers start only silent videos by themselves: the sound needs a click.
sound.addEventListener("click", () => {
  video.muted = !video.muted;
  sound.textContent = video.muted ? "Turn the sound on" : "Turn the sound off";
  video.play();
});

setInterval(() => {
  if (video.readyState < 2 || video.paused) return;
  const behind = video.seekable.length ? video.seekable.end(video.seekable.length - 1) - video.currentTime : 0;
  tell(`${video.videoWidth}x${video.videoHeight}, ${video.currentTime.toFixed(1)} s played, ${behind.toFixed(1)} s behind the newest`);
}, 500);

function play() {
  if (!window.Hls || !Hls.isSupported()) {
    if (!video.canPlayType("application/vnd.apple.mpegurl")) return tell("This browser plays no HLS.");
    video.src = STREAM;
    return;
  }
  const hls = new Hls({ liveSyncDurationCount: 2, manifestLoadingMaxRetry: 20, manifestLoadingRetryDelay: 500 });
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    tell(`interrupted (${data.details}), trying again…`);
    hls.destroy();
    setTimeout(play, 1000);
  });
  hls.loadSource(STREAM);
  hls.attachMedia(video);
}

play();
