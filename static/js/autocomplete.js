// Django's autocomplete widgets (Select2) say neither to screen readers what they are for, nor to other scripts that
// something was chosen. This does both.

function nameWidget(select) {
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const widget = select.parentElement.querySelector(".select2-container");
  if (!label || !widget) return;
  const name = label.textContent.trim().replace(/:$/, "");
  for (const part of widget.querySelectorAll(".select2-selection--single, [role=textbox], .select2-search__field")) {
    part.setAttribute("aria-label", name);
  }
  // What it names is empty until something is chosen.
  widget.querySelector(".select2-selection--single")?.removeAttribute("aria-labelledby");
  // Select2 puts more than list items into it.
  widget.querySelector("ul.select2-selection__rendered")?.setAttribute("role", "presentation");
}

// jQuery tells its own listeners only.
function passOn(event) {
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
}

// Not "load": jQuery calls what waits for the document later than that. Django's own call, which makes the widgets, is
// the first of them.
window.django?.jQuery?.(() => {
  document.querySelectorAll("select.admin-autocomplete").forEach(nameWidget);
  window.django.jQuery(document).on("change", "select.admin-autocomplete", passOn);
});
