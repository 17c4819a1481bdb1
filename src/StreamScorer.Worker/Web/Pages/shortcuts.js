import { byId, element } from "./dom.js";
import { onLanguageChange, say } from "./language.js";
import { storage } from "./storage.js";

const dialog = byId("help");
const enabled = byId("help-enabled");
let shortcuts = [];

/** Single-key shortcuts, listed in the help dialog, where they can be switched off (WCAG 2.1.4: speech input would trigger them). */
export function enableShortcuts(list) {
  shortcuts = [...list, { key: "?", say: "shortcuts.help", run: openHelp }];
  enabled.checked = storage.get("shortcuts") !== "off";
  enabled.addEventListener("change", () => storage.set("shortcuts", enabled.checked ? "on" : "off"));
  byId("help-open").addEventListener("click", openHelp);
  document.addEventListener("keydown", onKey);
  onLanguageChange(draw);
  draw();
}

function onKey(event) {
  if (!enabled.checked || event.ctrlKey || event.metaKey || event.altKey || dialog.open || isTyping(event.target))
    return;
  const shortcut = shortcuts.find(candidate => candidate.key === event.key);
  if (!shortcut)
    return;
  event.preventDefault();
  shortcut.run();
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.matches("input:not([type=radio], [type=checkbox]), textarea, select") || target.isContentEditable);
}

function openHelp() {
  dialog.showModal();
}

function draw() {
  const rows = [...shortcuts, { key: "Esc", say: "shortcuts.leave" }]
    .map(shortcut => element("div", {}, element("dt", {}, element("kbd", {}, shortcut.key)), element("dd", {}, say(shortcut.say))));
  byId("help-keys").replaceChildren(...rows);
}
