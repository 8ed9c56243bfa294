// Roster works without this file. It adds shortcuts, narrowing of long menus,
// and the marks that tell people and screen readers what htmx is doing.
"use strict";

const typing = (el) => el.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const quiet = () => document.documentElement.dataset.shortcuts === "off";

// htmx marks the source of a request; what is being replaced is marked here. A
// failure is led to another target, and one request may take over from another.
const busy = new Map();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.target?.setAttribute) return;
  busy.set(ctx, ctx.target);
  ctx.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const el = busy.get(ctx);
  busy.delete(ctx);
  if (![...busy.values()].includes(el)) el?.removeAttribute("aria-busy");
});

// A request that got no answer at all: say so where every failure is said.
document.addEventListener("htmx:error", (event) => {
  if (event.detail?.error?.name === "AbortError") return;
  const flash = document.getElementById("flash");
  if (!flash) return;
  const note = document.createElement("div");
  note.className = "note bad";
  note.setAttribute("role", "alert");
  note.textContent = "Roster did not answer. Nothing was changed.";
  flash.replaceChildren(note);
});

// What is swapped out may hold the focus. Then the button that opened its menu
// gets it, or else what came in its place.
let menus = null;
document.addEventListener("htmx:before:swap", () => {
  menus = document.activeElement === document.body ? null : [];
  for (let el = document.activeElement; menus && el; el = el.parentElement) {
    if (el.popover) menus.push(el.id);
  }
});
const keepFocus = (came) => {
  if (!menus || document.activeElement !== document.body) return;
  const openers = menus.map((id) => document.querySelector(`[popovertarget="${CSS.escape(id)}"]`));
  (openers.find((opener) => opener?.checkVisibility()) ?? came)?.focus({ preventScroll: true });
};

// Escape in a menu within a sheet: browsers give the focus back only to what
// opened the outermost popover.
document.addEventListener("toggle", ({ newState, target: menu }) => {
  const left = document.activeElement === document.body || menu.contains(document.activeElement);
  if (newState !== "closed" || !menu.id || !left) return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (opener?.closest(":popover-open")) opener.focus();
}, true);

// After a failure focus goes to the words about it, which stay until something
// succeeds.
document.addEventListener("htmx:after:swap", (event) => {
  const ctx = event.detail?.ctx;
  if (ctx?.response?.status < 400) document.querySelector("#flash > .note.bad")?.remove();
  const error = document.querySelector("#flash > .note.bad, #users-error");
  if (error && !typing(document.activeElement)) (error.closest("#flash") ?? error).focus();
  keepFocus(document.getElementById("users-results"));
});
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[role=alert][tabindex], [aria-invalid=true]")?.focus();
});

// Boxes that narrow a list of choices.
document.addEventListener("input", (event) => {
  const list = event.target.dataset?.narrows && document.getElementById(event.target.dataset.narrows);
  if (!list) return;
  const wanted = event.target.value.trim().toLocaleLowerCase();
  for (const label of list.querySelectorAll("label.mi")) {
    label.hidden = !label.textContent.toLocaleLowerCase().includes(wanted);
  }
});

// Shortcuts. One-key ones can be turned off in the settings (WCAG 2.1.4).
let leader = 0;
const rows = () => [...document.querySelectorAll("[data-rows] tbody tr th a")];
const step = (by) => {
  const links = rows();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
};
const keys = {
  "/": () => (document.getElementById("users-search") ?? document.getElementById("jump"))?.focus(),
  "?": () => { location.href = "/settings#keyboard"; },
  j: () => step(1),
  k: () => step(-1),
};
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (quiet() || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "g") {
    leader = event.timeStamp;
    return;
  }
  const link = event.timeStamp - leader < 1500 && document.querySelector(`.side .nav a[data-key="${CSS.escape(key)}"]`);
  leader = 0;
  if (link) {
    event.preventDefault();
    link.click();
    return;
  }
  if (keys[key]) {
    event.preventDefault();
    keys[key]();
  }
});
