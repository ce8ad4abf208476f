/* A figure's lines beside the page: a link with data-drawer opens in the drawer. Without scripts it leads to the page. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-drawer]");
    var drawer = document.getElementById("explain-drawer");
    if (!link || !drawer || !window.htmx || !window.bootstrap) {
      return;
    }
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    var body = drawer.querySelector(".offcanvas-body");
    if (!drawer.contains(link)) {
      body.textContent = "正在打开……";
    }
    window.bootstrap.Offcanvas.getOrCreateInstance(drawer).show();
    window.htmx.ajax("GET", link.href, { target: body, swap: "innerHTML show:none" }).catch(function () {
      window.location.href = link.href;
    });
  });

  document.addEventListener("htmx:responseError", function (event) {
    var drawer = document.getElementById("explain-drawer");
    if (drawer && drawer.contains(event.detail.target)) {
      window.location.href = event.detail.pathInfo.requestPath;
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.closest("#explain-drawer")) {
      event.detail.target.scrollTop = 0;
    }
  });
})();
