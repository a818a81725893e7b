// After going back in the browser, the form is loaded again with a new key, while the answers are as they were. Restoring
// the earlier key makes sending it again the same request, not a second one.
const key = document.querySelector("form input[name=key]");
if (history.state?.key) key.value = history.state.key;
else history.replaceState({ key: key.value }, "");
