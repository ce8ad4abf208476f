/* 年度基数: what belongs to another kind of canteen is put away. Without this script it stays and is passed over. */
(function () {
  "use strict";

  var form = document.querySelector("[data-base]");
  var canteen = form && form.querySelector("[data-canteen]");
  if (!canteen) {
    return;
  }

  function follow() {
    form.querySelectorAll("[data-when]").forEach(function (line) {
      line.hidden = line.getAttribute("data-when").split(" ").indexOf(canteen.value) < 0;
    });
  }

  canteen.addEventListener("change", follow);
  follow();
})();
