// A one-time code comes in the part of the address after #, which is never sent
// to a server or kept in a log. It is put into the form and sent.

const code = location.hash.slice(1).replace(/^code=/, "");
const form = document.querySelector("form[data-code]");
if (code && form) {
  history.replaceState(null, "", location.pathname + location.search);
  form.querySelector("[name=code]").value = decodeURIComponent(code);
  if ("submitNow" in form.dataset) form.requestSubmit();
}
