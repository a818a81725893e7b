// Asks before the user leaves a form with unsaved changes.
export function warnOfUnsaved(form) {
  // A form that came back with errors has unsaved changes.
  let unsaved = form.querySelector(".errornote") !== null;
  form.addEventListener("input", () => {
    unsaved = true;
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
