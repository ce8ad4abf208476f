/* 功能介绍 over the page, one step at a time; what a step is about is marked in the menu. However it is closed, the
   account remembers that it was seen. Chromium 86. */

const dialog = document.querySelector("[data-tour]");
const steps = Array.from(dialog.querySelectorAll("[data-tour-step]"));
const back = dialog.querySelector("[data-tour-back]");
const next = dialog.querySelector("[data-tour-next]");
const end = dialog.querySelector("[data-tour-end]");
const onward = next.textContent;
const last = steps.length - 1;
let now = 0;

function mark(address) {
  document.querySelectorAll(".tour-target").forEach((link) => link.classList.remove("tour-target"));
  document.querySelectorAll("#side-menu a, .topbar a").forEach((link) => {
    link.classList.toggle("tour-target", link.getAttribute("href") === address);
  });
}

function show(number) {
  now = number;
  steps.forEach((step, place) => {
    step.hidden = place !== now;
    step.querySelector("h2").id = place === now ? "tour-now" : "";
  });
  back.hidden = now === 0;
  end.hidden = now === last;
  next.textContent = now === last ? next.dataset.last : onward;
  mark(steps[now].dataset.at);
  steps[now].querySelector("h2").focus();
}

back.addEventListener("click", () => show(now - 1));
next.addEventListener("click", () => (now === last ? dialog.close() : show(now + 1)));
end.addEventListener("click", () => dialog.close());

/* also on Escape */
dialog.addEventListener("close", () => {
  const form = dialog.querySelector("[data-tour-seen]");
  mark(null);
  fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", keepalive: true });
});

dialog.showModal();
show(0);
