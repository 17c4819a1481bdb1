import { byId } from "./dom.js";

/** Says something to screen readers, politely. Emptied first, so that the same words are said again. */
export function announce(text) {
  const region = byId("announcer");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
