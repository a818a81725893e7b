// Prints recovery codes or saves them to a file. The file is made here, because the server never sends the codes again.
const buttons = document.querySelector("[data-codes]");
if (buttons) {
  const codes = [...document.getElementById(buttons.dataset.codes).querySelectorAll("code")];
  buttons.hidden = false;
  buttons.querySelector("[data-print]").addEventListener("click", () => window.print());
  buttons.querySelector("[data-save]").addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = buttons.dataset.file;
    link.href = URL.createObjectURL(new Blob([codes.map((code) => `${code.textContent}\n`).join("")]));
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
