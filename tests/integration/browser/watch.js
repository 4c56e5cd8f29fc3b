// SPDX-License-Identifier: MIT
// watch.js URL: opens the page in headless Chromium, lets it play and prints as JSON what was to be seen and heard.
"use strict";
const { chromium } = require("playwright-core");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"];

/** Runs in the page: two pictures 3 s of film apart, and how loud it was between. */
async function look() {
  const video = document.getElementById("video");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const canvas = document.createElement("canvas");
  canvas.width = 320;
  canvas.height = 180;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const grab = () => {
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  audio.createMediaElementSource(video).connect(analyser);
  analyser.connect(audio.destination);
  const samples = new Float32Array(analyser.fftSize);
  video.muted = false;
  await audio.resume();

  const before = grab(), from = video.currentTime;
  let soundLevel = 0;
  // Near the newest picture a player may stop to buffer: it has 20 s for its 3 s.
  for (let i = 0; i < 200 && video.currentTime - from < 3; ++i) {
    await pause(100);
    analyser.getFloatTimeDomainData(samples);
    for (const sample of samples) soundLevel = Math.max(soundLevel, Math.abs(sample));
  }
  const after = grab();
  let changed = 0;
  for (let i = 0; i < before.length; i += 4) {
    if (Math.abs(before[i] - after[i]) + Math.abs(before[i + 1] - after[i + 1]) + Math.abs(before[i + 2] - after[i + 2]) > 60) ++changed;
  }
  return { secondsPlayed: video.currentTime - from, changedPixels: changed / (before.length / 4), soundLevel,
    audioBytes: video.webkitAudioDecodedByteCount, width: video.videoWidth, height: video.videoHeight };
}

async function main(url) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: FLAGS });
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`page: ${error}`));
    await page.goto(url);
    await page.waitForFunction(() => document.getElementById("video").currentTime > 1, null, { timeout: 60000 });
    console.log(JSON.stringify(await page.evaluate(look)));
  } finally {
    await browser.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(String(error));
  process.exit(1);
});
