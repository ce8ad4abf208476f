/* Buttons that copy their data-copy; without scripts they stay hidden and the value is there to be marked. */
(function () {
  "use strict";

  function copied(button) {
    var words = button.lastChild;
    var before = words.textContent;
    words.textContent = "已复制";
    window.setTimeout(function () { words.textContent = before; }, 1500);
  }

  /* where the site has no HTTPS the clipboard is not at hand */
  function byMarking(text) {
    var field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand("copy");
    document.body.removeChild(field);
    return done;
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = button.getAttribute("data-copy");
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(text).then(function () { copied(button); });
      } else if (byMarking(text)) {
        copied(button);
        button.focus();
      }
    });
  });
})();
