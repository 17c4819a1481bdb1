import { move } from "./changes.js";
import { byId, element, setText } from "./dom.js";
import { signIcon } from "./icons.js";
import { date, say, whole } from "./language.js";
import { agentPath } from "./requests.js";
import { schemeName } from "./tiers.js";

const shownMax = 60;
const minuteMs = 60_000;

const wanted = {
  all: () => true,
  up: direction => direction === "up" || direction === "enter",
  down: direction => direction === "down" || direction === "leave",
  notices: direction => direction.startsWith("drop-"),
};

/** The live list of transitions, newest first. Drawn once a frame however many come; it rests while paused. */
export class Feed {
  #events = [];
  #ids = new Set();
  #arrivals = [];
  #waiting = [];
  #isPaused = false;
  #isDue = false;
  #filter = "all";

  constructor() {
    byId("filter").addEventListener("change", event => this.#choose(event.target.value));
    byId("pause").addEventListener("click", () => this.togglePause());
    setInterval(() => this.#drawRate(), 1_000);
    this.draw();
  }

  /** Takes one transition; one that is there already, as after a reconnection, is passed over. @param isNews Whether it happened while the page was open. */
  add(event, isNews) {
    if (!event.data?.scheme || this.#ids.has(event.id))
      return;
    this.#ids.add(event.id);
    if (isNews)
      this.#arrivals.push(performance.now());
    (this.#isPaused ? this.#waiting : this.#events).push(event);
    this.#forgetOld();
    this.#drawSoon();
  }

  /** Holds the list still, or lets it run again. */
  togglePause() {
    this.#isPaused = !this.#isPaused;
    if (!this.#isPaused)
      this.#events.push(...this.#waiting.splice(0));
    this.#forgetOld();
    this.draw();
  }

  /** Goes to the next filter. */
  nextFilter() {
    const names = Object.keys(wanted);
    this.#choose(names[(names.indexOf(this.#filter) + 1) % names.length]);
  }

  /** Draws everything anew. */
  draw() {
    this.#isDue = false;
    const shown = this.#events.filter(event => wanted[this.#filter](event.data.direction)).slice(-shownMax).reverse();
    const list = byId("feed");
    const known = new Map([...list.children].map(item => [item.dataset.key, item]));
    // An item that stays is moved, not made anew: focus and selection stay with it.
    const items = shown.map(event => known.get(keyOf(event)) ?? this.#item(event));
    if (items.length !== list.children.length || items.some((item, i) => item !== list.children[i]))
      list.replaceChildren(...items);
    list.hidden = items.length === 0;
    byId("feed-empty").hidden = items.length > 0;
    setText(byId("feed-empty"), say(this.#events.length > 0 ? "board.feedNone" : "board.feedEmpty"));
    setText(byId("pause"), this.#isPaused ? this.#waiting.length > 0 ? say("board.resume", { count: whole(this.#waiting.length) }) : say("board.resumeNone") : say("board.pause"));
    byId("pause").setAttribute("aria-pressed", this.#isPaused);
    this.#drawRate();
  }

  #choose(name) {
    this.#filter = name;
    byId("filter").querySelector(`[value=${name}]`).checked = true;
    this.draw();
  }

  #item(event) {
    const { data } = event;
    return element("li", { "data-key": keyOf(event), "data-direction": data.direction },
      signIcon(data.direction),
      element("a", { href: agentPath(data.customerId), title: data.customerId }, data.customerId),
      element("span", { class: "feed-move" }, ...move(data)),
      element("small", { class: "feed-why" }, `${schemeName(data.scheme)} · ${say(`cause.${data.cause}`)}`),
      element("time", { datetime: data.effectiveTime }, date(data.effectiveTime)));
  }

  #forgetOld() {
    for (const list of [this.#events, this.#waiting])
      // Enough for the narrowest filter to find something.
      for (const event of list.splice(0, Math.max(0, list.length - 10 * shownMax)))
        this.#ids.delete(event.id);
  }

  #drawSoon() {
    if (this.#isDue)
      return;
    this.#isDue = true;
    requestAnimationFrame(() => this.draw());
  }

  #drawRate() {
    const since = performance.now() - minuteMs;
    while (this.#arrivals.length > 0 && this.#arrivals[0] < since)
      this.#arrivals.shift();
    setText(byId("per-minute"), say("board.perMinute", { count: whole(this.#arrivals.length) }));
  }
}

// The language is a part of it: an item in another language is another item.
function keyOf(event) {
  return `${document.documentElement.lang} ${event.id}`;
}
