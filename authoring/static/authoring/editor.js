// Small kindnesses of the editor. Every page works without this file.
(function () {
  "use strict";

  const PLACE = "veikart-tree-place";

  // The tree stays where it was when another part is opened, and shows the part one is on.
  function settle() {
    const folded = document.querySelector("[data-tree]");
    if (!folded) return;
    if (window.matchMedia("(max-width: 63.99rem)").matches) {
      folded.open = false;
      return;
    }
    const tree = folded.querySelector(".tree");
    const kept = window.sessionStorage.getItem(PLACE);
    if (kept !== null) tree.scrollTop = Number(kept);
    const current = tree.querySelector("[aria-current]");
    if (current) {
      const box = tree.getBoundingClientRect();
      const line = current.getBoundingClientRect();
      if (line.top < box.top || line.bottom > box.bottom) {
        tree.scrollTop += line.top - box.top - box.height / 3;
      }
    }
    tree.addEventListener("scroll", function () {
      window.sessionStorage.setItem(PLACE, String(tree.scrollTop));
    }, { passive: true });
  }

  document.addEventListener("htmx:afterSettle", settle);
  settle();
})();
