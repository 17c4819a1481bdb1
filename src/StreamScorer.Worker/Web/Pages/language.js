import { english } from "./english.js";
import { chinese } from "./chinese.js";
import { setText } from "./dom.js";
import { storage } from "./storage.js";

const tags = { en: "en", zh: "zh-Hans" };
const dictionaries = { en: english, zh: chinese };
// Unit, its length, and from where on it is used, all in milliseconds.
const units = [["milliseconds", 1, 0], ["seconds", 1_000, 10_000], ["minutes", 60_000, 120_000], ["hours", 3_600_000, 7_200_000]];
const listeners = [];
let current = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
let currency = null;
let formats = formatsOf(current);

/** "en" or "zh". */
export const language = () => current;

/** The text of a key such as "connection.live", with {placeholders} filled. A missing key shows itself. */
export function say(key, values = {}) {
  const template = key.split(".").reduce((entry, part) => entry?.[part], dictionaries[current]);
  return typeof template === "string" ? template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : key;
}

/** The text of a key if there is one, else null. */
export function sayIfKnown(key) {
  const text = say(key);
  return text === key ? null : text;
}

/** Switches and remembers. */
export function setLanguage(name) {
  current = name;
  formats = formatsOf(name);
  storage.set("language", name);
  document.documentElement.lang = tags[name];
  translatePage();
  listeners.forEach(listener => listener());
}

/** Calls back after every switch: what was drawn must be drawn again. */
export const onLanguageChange = listener => listeners.push(listener);

/** Fills what the page's own markup declares: data-say for the text, data-say-label for the accessible name, data-say-hint for the placeholder. */
export function translatePage() {
  for (const node of document.querySelectorAll("[data-say]"))
    setText(node, say(node.dataset.say));
  for (const node of document.querySelectorAll("[data-say-label]"))
    node.setAttribute("aria-label", say(node.dataset.sayLabel));
  for (const node of document.querySelectorAll("[data-say-hint]"))
    node.setAttribute("placeholder", say(node.dataset.sayHint));
  for (const node of document.querySelectorAll("[data-say-title]"))
    node.setAttribute("title", say(node.dataset.sayTitle));
}

/** 1,234 */
export const whole = value => formats.whole.format(value);

/** Amounts are in this currency from now on, an ISO 4217 code: a deployment has one, and every document that has amounts names it. */
export function useCurrency(code) {
  if (code === currency)
    return;
  currency = code;
  formats = formatsOf(current);
}

/** US$1,234; below a hundred with cents */
export const money = value => (Math.abs(value) < 100 ? formats.money : formats.wholeMoney).format(value);

/** US$12.3K */
export const compactMoney = value => formats.compactMoney.format(value);

/** 850 ms, 50 s, 2.5 min: in the largest unit that leaves more than a few of it, and no unit below the least. */
export function duration(ms, leastUnit = "milliseconds") {
  const [unit, size] = units.slice(units.findIndex(([name]) => name === leastUnit)).findLast(([, , fromMs], i) => i === 0 || ms >= fromMs);
  const value = ms / size;
  return say(`duration.${unit}`, { value: (value < 10 ? formats.tenths : formats.whole).format(value) });
}

/** 12.3K */
export const compact = value => formats.compact.format(value);

/** 43%; what is nearly none or nearly all is not called so: <1%, >99% */
export const percent = share => share > 0 && share < 0.005 ? `<${formats.percent.format(0.01)}` : share > 0.995 && share < 1 ? `>${formats.percent.format(0.99)}` : formats.percent.format(share);

/** 3 Dec 2026 */
export const date = time => formats.date.format(new Date(time));

/** 3 Dec 2026, 14:05 */
export const dateTime = time => formats.dateTime.format(new Date(time));

/** 14:05:09 */
export const clock = time => formats.clock.format(new Date(time));

/** in 3 days, 2 weeks ago: from one instant to another */
export function distance(from, to) {
  const days = (new Date(to) - new Date(from)) / 86_400_000;
  const [size, unit] = [[365.25, "year"], [30.44, "month"], [1, "day"], [1 / 24, "hour"]].find(([length]) => Math.abs(days) >= length * 1.5) ?? [1 / 1440, "minute"];
  return formats.relative.format(Math.round(days / size), unit);
}

function formatsOf(name) {
  const locale = name === "zh" ? "zh-CN" : "en-GB";
  const number = options => new Intl.NumberFormat(locale, options);
  const amount = options => number(currency === null ? options : { style: "currency", currency, ...options });
  const time = options => new Intl.DateTimeFormat(locale, options);
  return {
    whole: number({ maximumFractionDigits: 0 }),
    tenths: number({ maximumFractionDigits: 1 }),
    money: amount({}),
    wholeMoney: amount({ minimumFractionDigits: 0, maximumFractionDigits: 0 }),
    compactMoney: amount({ notation: "compact", maximumSignificantDigits: 3 }),
    compact: number({ notation: "compact", maximumSignificantDigits: 3 }),
    percent: number({ style: "percent", maximumFractionDigits: 0 }),
    date: time({ dateStyle: "medium" }),
    dateTime: time({ dateStyle: "medium", timeStyle: "short" }),
    clock: time({ timeStyle: "medium", hour12: false }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
  };
}
