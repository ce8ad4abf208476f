/* Files dropped on the area (or chosen, or photographed) go up one by one, each with its own progress; what became
   of each is said in its row. Without this script the same form sends them all at once. */
(function () {
  "use strict";

  var AT_ONCE = 2;

  function start(area) {
    var input = area.querySelector("input[type=file]");
    var camera = area.querySelector("[data-drop-now]");
    var list = area.querySelector("[data-drop-list]");
    var blank = area.querySelector("[data-drop-row]");
    var queue = [];
    var running = 0;
    var sent = { taken: 0, troubled: false };
    var depth = 0;

    function say(words) {
      area.querySelector("[data-drop-state]").textContent = words;
    }

    function row(file) {
      list.appendChild(blank.content.cloneNode(true));
      var made = list.lastElementChild;
      made.querySelector(".drop-name").textContent = file.name;
      return made;
    }

    function limit(file) {
      return Number(area.getAttribute(/\.zip$/i.test(file.name) ? "data-zip-bytes" : "data-bytes"));
    }

    function refuse(made, words) {
      var state = made.querySelector(".drop-words");
      made.querySelector("progress").hidden = true;
      state.textContent = words;
      state.className = "drop-words field-error";
      sent.troubled = true;
    }

    /* A whole drop that is too much is refused before anything is sent. */
    function take(files) {
      var most = Number(area.getAttribute("data-most"));
      if (!files.length) {
        say("请先选择票据文件，可以一次选择多个");
        return;
      }
      if (files.length > most) {
        say("这次共有 " + files.length + " 个文件，一次最多 " + most + " 个，没有上传任何一个，请分批上传");
        return;
      }
      if (!running) {
        list.textContent = "";
        sent = { taken: 0, troubled: false };
      }
      Array.prototype.forEach.call(files, function (file) {
        var made = row(file);
        if (file.size > limit(file)) {
          refuse(made, "没有上传：文件有 " + (file.size / 1048576).toFixed(1) + " MB，超过上限 " + limit(file) / 1048576 + " MB，请压缩或拆分后再传");
        } else {
          queue.push({ file: file, row: made });
        }
      });
      input.value = camera.value = "";
      next();
    }

    function next() {
      while (running < AT_ONCE && queue.length) {
        send(queue.shift());
      }
      if (running) {
        say("正在上传，还有 " + (queue.length + running) + " 个");
      } else {
        finish();
      }
    }

    function send(job) {
      var request = new XMLHttpRequest();
      var body = new FormData();
      var bar = job.row.querySelector("progress");
      var words = job.row.querySelector(".drop-words");
      running += 1;
      ["csrfmiddlewaretoken", "unit"].forEach(function (name) {
        body.append(name, area.querySelector("[name=" + name + "]").value);
      });
      body.append("files", job.file);
      request.upload.addEventListener("progress", function (event) {
        bar.value = event.lengthComputable ? Math.floor((event.loaded * 100) / event.total) : 0;
        words.textContent = "正在上传 " + bar.value + "%";
      });
      request.addEventListener("load", function () {
        var told = request.status === 200 && request.responseURL.indexOf(area.getAttribute("data-drop")) > 0;
        if (told) {
          bar.hidden = true;
          words.innerHTML = request.responseText;
          sent.taken += Number(words.querySelector("[data-taken]").getAttribute("data-taken"));
          sent.troubled = sent.troubled || words.querySelector("[data-refused], .field-doubt") !== null;
        } else {
          refuse(job.row, request.status === 413 ? "没有上传：文件太大" : request.status === 429 ? "没有上传：上传过于频繁，请 " + Math.ceil(Number(request.getResponseHeader("Retry-After")) / 60) + " 分钟后再传" : "没有上传：登录已失效或没有权限，请刷新页面后再传");
        }
      });
      request.addEventListener("error", function () {
        refuse(job.row, "没有上传：网络中断，请稍后再传");
      });
      request.addEventListener("loadend", function () {
        running -= 1;
        next();
      });
      request.open("POST", area.getAttribute("data-drop"));
      request.send(body);
    }

    /* On the inbox the list below is asked for anew; elsewhere the inbox opens, unless something is to be read here. */
    function finish() {
      var shown = document.getElementById("inbox-list");
      say(sent.taken ? "已收到 " + sent.taken + " 个文件，识别结果见票据收件箱的列表" : "");
      if (!sent.taken) {
        return;
      }
      if (shown) {
        window.htmx.ajax("GET", shown.getAttribute("data-list"), { target: "#inbox-list", swap: "outerHTML" });
      } else if (!sent.troubled) {
        window.location.assign(area.action + "?taken=" + sent.taken);
      } else {
        say("已收到 " + sent.taken + " 个文件，识别结果见票据收件箱的列表；没有上传的见下");
      }
    }

    area.addEventListener("dragenter", function (event) {
      event.preventDefault();
      depth += 1;
      area.classList.add("is-over");
    });
    area.addEventListener("dragleave", function () {
      depth -= 1;
      if (depth <= 0) {
        area.classList.remove("is-over");
      }
    });
    area.addEventListener("drop", function (event) {
      depth = 0;
      area.classList.remove("is-over");
      take(event.dataTransfer.files);
    });
    [input, camera].forEach(function (chosen) {
      chosen.addEventListener("change", function () {
        if (chosen.files.length) {
          take(chosen.files);
        }
      });
    });
    area.querySelector("[type=submit]").hidden = true; /* what is chosen goes up at once */
    area.addEventListener("submit", function (event) {
      event.preventDefault();
      take(input.files);
    });
    /* whoever leaves while files are still going up is asked first */
    window.addEventListener("beforeunload", function (event) {
      if (running) {
        event.preventDefault();
        event.returnValue = "";
      }
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-drop]"), start);

  /* a file dropped beside the area must not replace the page */
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) {
      event.preventDefault();
    });
  });
})();
