// A list that is wider than its page scrolls sideways. Browsers leave what gets the focus at its edge half hidden.
document.addEventListener("focusin", ({ target }) => {
  if (target.closest("#result_list")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
