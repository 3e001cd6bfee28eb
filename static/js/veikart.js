// Small kindnesses. Every page works without this file.
(function () {
  "use strict";

  function focusErrors(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  // Leaving a form with unsaved changes asks first; sending it, or a page of filters, does not.
  const changed = new Set();
  function isWritten(form) {
    return form && form.method === "post" && form.classList.contains("page-form");
  }
  document.addEventListener("input", function (event) {
    if (isWritten(event.target.form)) changed.add(event.target.form);
  });
  window.addEventListener("beforeunload", function (event) {
    for (const form of changed) {
      if (form.isConnected) {
        event.preventDefault();
        event.returnValue = document.body.dataset.unsavedQuestion || "";
        return;
      }
    }
  });

  // A second click on a button that is already at work sends nothing. The button is not disabled,
  // because its name and value must be sent with the form.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    changed.delete(form);
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    // A download answers without leaving the page; let the form be sent again after a while.
    window.setTimeout(function () { release(form); }, 8000);
  });
  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach(function (button) {
      button.removeAttribute("aria-busy");
    });
  }
  // Coming back with the browser's back button shows the page as it was left.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  document.addEventListener("click", function (event) {
    const target = event.target.closest("[data-print], [data-copy-link]");
    document.querySelectorAll("details[data-popup][open]").forEach(function (popup) {
      if (!popup.contains(event.target)) popup.open = false;
    });
    if (!target) return;
    if (target.hasAttribute("data-print")) {
      window.print();
    } else if (navigator.clipboard) {
      const link = new URL(target.getAttribute("href") || target.dataset.copyLink, location.href);
      navigator.clipboard.writeText(link.href);
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-popup][open]").forEach(function (popup) {
      const held = popup.contains(document.activeElement);
      popup.open = false;
      if (held) popup.querySelector("summary").focus();
    });
  });

  // What is folded away is printed too.
  let folded = [];
  window.addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll("main details:not([open])"));
    folded.forEach(function (details) { details.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (details) { details.open = false; });
  });

  document.addEventListener("htmx:afterSwap", function (event) { focusErrors(event.target); });
  focusErrors(document);
})();
