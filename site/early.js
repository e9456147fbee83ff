// Before anything is painted: light or dark, as chosen on an earlier page, else as the system has it.
{
  let kept;
  try { kept = localStorage.getItem("rnn-theme"); } catch { /* a browser that keeps nothing */ }
  document.documentElement.dataset.theme = kept ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
