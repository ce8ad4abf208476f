/* 大屏: taken anew after a while, but not under the hands of whoever is reading it with a keyboard. */
(function () {
  "use strict";

  window.setInterval(function () {
    if (document.activeElement === document.body) {
      window.location.reload();
    }
  }, Number(document.body.getAttribute("data-refresh")) * 1000);
})();
