// Lets the device work a little for a report while somebody fills it in, so that
// a machine cannot send a flood for nothing. Nothing about the device is read or
// sent. Without a solution the report is taken all the same.

for (const form of document.querySelectorAll("form[data-effort]")) {
  const answer = form.querySelector('[name="effort_answer"]');
  const worker = new Worker(new URL("effort_worker.js", import.meta.url));
  worker.addEventListener("message", (e) => {
    answer.value = e.data;
    worker.terminate();
  });
  worker.postMessage({ challenge: form.dataset.effort, bits: Number(form.dataset.bits) });
}
