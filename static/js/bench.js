/* The bench: codes read by the camera where the browser can, sound and vibration as this browser's own options. */
(() => {
  "use strict";
  const box = document.querySelector("[data-scanner]");
  const field = document.getElementById("code");
  if (!box || !field) return;
  const button = box.querySelector("[data-scan]");
  const still = box.querySelector("[data-still]");
  const words = box.querySelector("[data-scan-words]");
  const dialog = box.querySelector("dialog");
  const video = box.querySelector("video");
  const remembered = {
    get: (name) => {
      try {
        return localStorage.getItem(`bench-${name}`) === "yes";
      } catch {
        return false; // no storage: the options last as long as the page
      }
    },
    set: (name, value) => {
      try {
        localStorage.setItem(`bench-${name}`, value ? "yes" : "no");
      } catch {
        /* as above */
      }
    },
  };

  // A photo of the label is sent as soon as it is taken.
  still.querySelector("input[type=file]").addEventListener("change", (event) => {
    if (event.target.files.length) still.requestSubmit();
  });

  const options = [...box.querySelectorAll("[data-option]")];
  const isOn = (name) => options.some((option) => option.dataset.option === name && option.checked);
  for (const option of options) {
    option.checked = remembered.get(option.dataset.option);
    option.addEventListener("change", () => remembered.set(option.dataset.option, option.checked));
  }

  function say() {
    if (isOn("vibration")) navigator.vibrate?.(80);
    if (!isOn("sound")) return;
    const context = new AudioContext();
    const tone = context.createOscillator();
    tone.frequency.value = 1320;
    tone.connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.12);
  }

  async function scan() {
    const detector = new BarcodeDetector();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      words.textContent = box.dataset.allow;
      words.hidden = false;
      return;
    }
    video.srcObject = stream;
    dialog.showModal();
    await video.play();
    while (dialog.open) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found?.rawValue) {
        field.value = found.rawValue;
        say();
        dialog.close();
        field.form.requestSubmit();
      }
      await new Promise((done) => setTimeout(done, 150));
    }
  }
  dialog.addEventListener("close", () => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  });

  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    button.hidden = false;
    button.addEventListener("click", scan);
    box.querySelector("[data-options]").hidden = false;
  }
})();
