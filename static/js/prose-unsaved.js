// Leaving a form with something typed and not saved asks first.
export function warnOfUnsaved(form) {
  // A form that came back with errors holds typing that is not saved.
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
