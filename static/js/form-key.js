// Whoever goes back in the browser finds the form loaded anew, with another key, and the answers as they were. With the
// key that it had before, what is sent from there again is the same request, and not a second one.
const key = document.querySelector("form input[name=key]");
if (history.state?.key) key.value = history.state.key;
else history.replaceState({ key: key.value }, "");
