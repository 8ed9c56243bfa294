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
  keepFocus(document.getElementById(ctx?.target?.id === "staged" ? "staged" : "users-results"));
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
let leader = -Infinity; // a page may be young when its first key is pressed
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
  const led = event.timeStamp - leader < 1500;
  if (key === "g" && !led) {
    leader = event.timeStamp;
    return;
  }
  const link = led && document.querySelector(`.side .nav a[data-key="${CSS.escape(key)}"]`);
  leader = -Infinity;
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

// Rows that can be selected: all of a page at once, a range with Shift.
const boxes = (form) => [...form.querySelectorAll("tbody .cb[name=id]:enabled")];
let lastBox = null;
const announce = (text) => {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
};
const selected = (form) => {
  const list = boxes(form);
  const on = list.filter((box) => box.checked).length;
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = on > 0 && on === list.length;
    all.indeterminate = on > 0 && on < list.length;
  }
  announce(on + " selected");
};
document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.closest?.(".bulkform");
  if (!form || !box.matches(".cb")) return;
  if (box.matches("[data-all]")) {
    for (const each of boxes(form)) each.checked = box.checked;
  } else if (event.shiftKey && lastBox?.isConnected) {
    const list = boxes(form);
    const [from, to] = [list.indexOf(lastBox), list.indexOf(box)].sort((a, b) => a - b);
    for (const each of list.slice(from, to + 1)) each.checked = box.checked;
  }
  if (!box.matches("[data-all]")) lastBox = box;
  selected(form);
});
document.addEventListener("reset", (event) => {
  if (event.target.matches(".bulkform")) setTimeout(() => selected(event.target));
});
keys.x = () => {
  const row = document.activeElement?.closest?.(".bulkform tbody tr");
  row?.querySelector(".cb[name=id]:enabled")?.click();
};
keys.e = () => document.activeElement?.closest?.(".bulkform tbody tr")?.querySelector("th a")?.click();

// One menu for all rows: it is about the row whose button opened it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("a[data-menu]");
  const menu = opener && document.getElementById(opener.dataset.menu);
  if (!menu?.showPopover || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const row = opener.closest("tr");
  const user = new URL(opener.href);
  const id = row.querySelector("[name=id]").value;
  for (const item of menu.querySelectorAll("[data-to]")) {
    const wanted = item.dataset.when?.split(" ");
    item.hidden = wanted !== undefined && !wanted.includes(row.dataset.is ?? "active");
    const to = new URL(user);
    const [path, hash] = item.dataset.to.split("#");
    to.hash = hash ?? "";
    if (path === "user/invitation") to.pathname += "/invitation";
    if (path.startsWith("/")) {
      to.pathname = path;
      to.searchParams.set("id", id);
    }
    item[item.matches("form") ? "action" : "href"] = to.pathname + to.search + to.hash;
  }
  menu.setAttribute("aria-label", opener.getAttribute("aria-label"));
  opener.setAttribute("aria-expanded", "true");
  menu.addEventListener("toggle", (toggled) => {
    if (toggled.newState !== "closed") return;
    opener.removeAttribute("aria-expanded");
  });
  menu.showPopover({ source: opener });
  menu.querySelector(".mi:not([hidden])")?.focus();
});

// A download leaves the page where it is: what tells of it is told to begin. A
// click as htmx's own trigger would keep the link from being followed.
document.addEventListener("click", (event) => {
  const begins = event.target.closest?.("[data-begins]")?.dataset.begins;
  if (begins) document.getElementById(begins)?.dispatchEvent(new CustomEvent("begin"));
});

// Forms with unsaved changes: the list beside them is kept while typing, and
// leaving asks first.
const guarded = document.querySelector("form[data-unsaved]");
if (guarded) {
  // What the fields were when the form was opened, by the API's names: the
  // controls' own defaults are what was typed, where the form came back refused.
  const memory = JSON.parse(guarded.elements.was?.value || "{}");
  const number = (text) => (text.trim() === "" ? "" : Number(text.trim().replace(",", ".")));
  const was = (el) => {
    if (el.name === "groups") return memory[`groups[${el.value}]`] === "true";
    if (el.type === "checkbox") return (memory[el.name] === "true") === (el.value === "true");
    return memory[el.name] ?? "";
  };
  const now = (el) => (el.type === "checkbox" ? el.checked : el.value);
  const same = (el) => {
    if (el.inputMode !== "decimal") return was(el) === now(el) || (el.type !== "checkbox" && was(el).trim() === now(el).trim());
    return was(el) === now(el).trim() || Object.is(number(was(el)), number(now(el)));
  };
  const words = (el, value) => {
    if (el.type === "checkbox") return value ? "on" : "off";
    if (!el.matches("select")) return value || "–";
    return [...el.options].find((o) => o.value === value)?.text.trim() ?? "–";
  };
  // The role of a workspace to be added says nothing while there is none.
  const counts = (el) => el.name !== "workspace_role_id" || guarded.elements.workspace_id.value !== "";
  const dirty = () => [...guarded.querySelectorAll("[data-label]")].filter((el) => !el.disabled && counts(el) && !same(el));
  let leaving = false;

  const line = (el) => {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const link = document.createElement("a");
    label.className = "f";
    link.href = "#" + el.id;
    link.textContent = el.dataset.label;
    label.append(link);
    const change = document.createElement("span");
    const before = document.createElement("del");
    const arrow = document.createElement("span");
    const after = document.createElement("ins");
    before.textContent = words(el, was(el));
    arrow.className = "arrow";
    arrow.textContent = "→";
    after.textContent = words(el, now(el));
    change.append(before, arrow, after);
    item.append(label, change);
    return item;
  };
  const update = () => {
    const list = document.getElementById("unsaved-list");
    if (!list) return;
    const lines = dirty().map(line);
    list.replaceChildren(...lines);
    document.getElementById("unsaved-count").textContent = String(lines.length);
    document.getElementById("unsaved").hidden = lines.length === 0;
  };
  guarded.addEventListener("input", update);
  guarded.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault(); // pressed twice
    leaving = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) guarded.requestSubmit();
  });
  document.querySelector("[data-discard]")?.addEventListener("click", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; update(); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && dirty().length) event.preventDefault();
  });
}

// The grid of assignments. Ticks are staged one after the other, those that come
// while an answer is awaited together, so that no answer overtakes another one.
const grid = () => document.querySelector(".mx-split[data-steps]");
const ticks = () => [...document.querySelectorAll(".mx tbody input:enabled")];
const isStaged = (box) => (box.dataset.was === "1") !== box.checked;
const describeBox = (box, change) => {
  if (change) box.setAttribute("aria-description", change);
  else box.removeAttribute("aria-description");
};
const findBox = (value) => document.querySelector(`.mx input[value="${CSS.escape(value)}"]`);
const wishes = new Map(); // what each box shall be, and is not staged yet
let awaited = null; // those that were sent
const sendWishes = async () => {
  const root = grid();
  if (awaited || !wishes.size || !root || !window.htmx) return;
  awaited = new Map(wishes);
  wishes.clear();
  const list = (wanted) => [...awaited].filter(([, want]) => want === wanted).map(([value]) => value).join(",");
  const values = { add: list(true), remove: list(false) };
  try {
    await htmx.ajax("POST", root.dataset.steps, { source: root, target: "#staged", swap: "outerHTML", values });
  } finally {
    // Without an answer about them nothing was staged: the boxes are as before.
    for (const [value, want] of awaited) {
      const box = findBox(value);
      if (box && !wishes.has(value)) box.checked = !want;
    }
    awaited = null;
    sendWishes();
  }
};
document.addEventListener("change", ({ target: box }) => {
  if (!box.matches(".mx tbody input")) return;
  wishes.set(box.value, box.checked);
  sendWishes();
});
document.addEventListener("staged", ({ detail }) => {
  for (const [value, state] of Object.entries(detail?.cells ?? {})) {
    awaited?.delete(value);
    const box = findBox(value);
    if (!box || wishes.has(value)) continue;
    box.checked = state.checked;
    describeBox(box, state.change);
  }
});

// One tab stop: arrows move by cell.
const rove = (to) => {
  for (const box of document.querySelectorAll(".mx tbody input[tabindex='0']")) if (box !== to) box.tabIndex = -1;
  to.tabIndex = 0;
};
const prepareGrid = () => {
  const list = ticks();
  if (!list.length || list.some((box) => box.tabIndex === 0 && box.hasAttribute("tabindex"))) return;
  for (const box of list) box.tabIndex = -1;
  list[0].tabIndex = 0;
};
document.addEventListener("DOMContentLoaded", prepareGrid);
document.addEventListener("htmx:after:swap", prepareGrid);
document.addEventListener("focusin", ({ target: box }) => {
  if (box.matches(".mx tbody input")) rove(box);
});
const along = (list, from, by) => {
  for (let at = from + by; at >= 0 && at < list.length; at += by) {
    const box = list[at].querySelector("input:enabled");
    if (box) return box;
  }
  return null;
};
const moves = {
  ArrowLeft: (cells, at) => along(cells, at, -1),
  ArrowRight: (cells, at) => along(cells, at, 1),
  ArrowUp: (cells, at, column) => along(column, column.indexOf(cells[at]), -1),
  ArrowDown: (cells, at, column) => along(column, column.indexOf(cells[at]), 1),
  Home: (cells) => along(cells, -1, 1),
  End: (cells) => along(cells, cells.length, -1),
};
document.addEventListener("keydown", (event) => {
  const { target: box, key } = event;
  const control = event.ctrlKey || event.metaKey;
  if (key === "Enter" && control && grid()) {
    event.preventDefault();
    document.querySelector("[data-review]")?.click();
    return;
  }
  if (!box.matches?.(".mx tbody input") || event.altKey || event.shiftKey || !moves[key]) return;
  const cells = [...box.closest("tr").querySelectorAll("td")];
  const at = cells.indexOf(box.closest("td"));
  const column = [...box.closest("tbody").rows].map((row) => row.querySelectorAll("td")[at]);
  const list = ticks();
  const corner = { Home: list[0], End: list[list.length - 1] };
  const to = control ? corner[key] : moves[key](cells, at, column);
  event.preventDefault();
  to?.focus();
});
const marked = (by) => {
  const list = ticks();
  const at = list.indexOf(document.activeElement);
  const order = by > 0 ? [...list.slice(at + 1), ...list.slice(0, at + 1)] : [...list.slice(0, Math.max(0, at)).reverse(), ...list.slice(Math.max(0, at)).reverse()];
  order.find((box) => isStaged(box) || box.closest("td.f"))?.focus();
};
keys.n = () => marked(1);
keys.p = () => marked(-1);
keys.z = () => {
  const last = document.querySelector("#staged [data-latest]");
  last?.form.requestSubmit(last);
};

// Links that can be copied. Where the browser has no clipboard for this page,
// they lead to what they would have copied.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-copy]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  navigator.clipboard.writeText(link.href).then(() => announce(link.dataset.copy), () => { location.href = link.href; });
});

// A menu of texts, such as emojis, for a field that takes any.
document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-fills] button");
  if (!choice) return;
  const menu = choice.closest("[data-fills]");
  const field = document.getElementById(menu.dataset.fills);
  field.value = choice.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  menu.hidePopover();
  field.focus();
});
