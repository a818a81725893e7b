// Django gives a form that is added to a page ids of its own, and leaves what describes its fields pointing to those of
// the empty form (“__prefix__”). The same happens to the forms after one that is removed.

function describeFields() {
  for (const field of document.querySelectorAll(".inline-group [aria-describedby]")) {
    const help = `${field.id}_helptext`;
    if (field.id && document.getElementById(help)) field.setAttribute("aria-describedby", help);
  }
}

document.addEventListener("formset:added", describeFields);
document.addEventListener("formset:removed", describeFields);
