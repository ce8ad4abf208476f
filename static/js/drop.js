/* Files dropped on the area go into its plain file input, which is then sent like any form. */
(function () {
  "use strict";

  function state(area, words) {
    area.querySelector("[data-drop-state]").textContent = words;
  }

  document.querySelectorAll("[data-drop]").forEach(function (area) {
    var input = area.querySelector("input[type=file]");
    var depth = 0;

    area.addEventListener("dragenter", function (event) {
      event.preventDefault();
      depth += 1;
      area.classList.add("is-over");
    });
    area.addEventListener("dragover", function (event) {
      event.preventDefault();
    });
    area.addEventListener("dragleave", function () {
      depth -= 1;
      if (depth <= 0) {
        area.classList.remove("is-over");
      }
    });
    area.addEventListener("drop", function (event) {
      event.preventDefault();
      depth = 0;
      area.classList.remove("is-over");
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        area.requestSubmit ? area.requestSubmit() : area.submit();
      }
    });
    input.addEventListener("change", function () {
      state(area, input.files.length ? "已选择 " + input.files.length + " 个文件，请点“上传并识别”" : "");
    });
    area.addEventListener("submit", function () {
      state(area, "正在上传 " + input.files.length + " 个文件，请稍候……");
    });
  });

  /* a file dropped beside the area must not replace the page */
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) {
      event.preventDefault();
    });
  });
})();
