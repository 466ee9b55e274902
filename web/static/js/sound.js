// A short two-note signal, made here so that nothing has to be loaded. Browsers
// allow sound only after the person has pressed something on the page.

let audio;

// ready unlocks sound; call it from a button. It tells whether sound is on.
export async function ready() {
  try {
    audio ||= new AudioContext();
    await audio.resume();
  } catch {
    return false;
  }
  return audio.state === "running";
}

// on tells whether ring would be heard.
export const on = () => audio?.state === "running";

// ring plays the signal.
export function ring() {
  if (!on()) return;
  const at = audio.currentTime + 0.02;
  for (const [i, tone] of [659, 880, 659, 880].entries()) {
    const voice = audio.createOscillator(), volume = audio.createGain(), start = at + i * 0.28;
    voice.type = "triangle";
    voice.frequency.value = tone;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.35, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.26);
    voice.connect(volume).connect(audio.destination);
    voice.start(start);
    voice.stop(start + 0.27);
  }
}
