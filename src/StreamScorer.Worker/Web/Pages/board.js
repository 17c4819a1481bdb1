import { showProfile } from "./profile.js";

const shownMax = 60;
// What an agent and a marketer ask for first; the other views of the same customers are one click away.
const firstSchemes = ["pyramid", "churn", "lifecycle"];
const signs = { up: "▲", down: "▼", enter: "●", lateral: "◆", leave: "○", "drop-pending": "◷", "drop-averted": "✓" };
const words = { "drop-pending": "may drop", "drop-averted": "drop averted" };
const whole = new Intl.NumberFormat("en");

const list = document.getElementById("transitions");
const arrivals = [];

function text(tag, className, content) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}

function add(event) {
  const data = event.data;
  const item = document.createElement("li");
  item.dataset.direction = data.direction;
  const sign = text("span", "sign", signs[data.direction] ?? "•");
  sign.title = data.direction;
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", data.direction);
  const who = text("button", "who", data.customerId);
  who.type = "button";
  who.title = data.customerId;
  who.addEventListener("click", () => showProfile(data.customerId));
  const change = text("span", "change", "");
  if (data.from !== data.to)
    change.append(text("span", "from", data.from), " → ", text("span", "to", data.to));
  else
    change.append(text("span", "to", data.to), " ", text("span", "from", words[data.direction] ?? data.direction));
  const why = text("span", "why", `${data.cause} · ${day(data.effectiveTime)}`);
  item.append(sign, who, text("span", "scheme-name", data.scheme), change, why);
  list.prepend(item);
  while (list.children.length > shownMax)
    list.lastElementChild.remove();
  document.getElementById("no-transitions").hidden = true;
}

function day(time) {
  return time.slice(0, 16).replace("T", " ");
}

function showRate() {
  const since = Date.now() - 60_000;
  while (arrivals.length > 0 && arrivals[0] < since)
    arrivals.shift();
  document.getElementById("rate").textContent = whole.format(arrivals.length);
}

function connect() {
  const connection = document.getElementById("connection");
  const source = new EventSource("/v1/streams/transitions?recent=60");
  const state = (name, words) => {
    connection.dataset.state = name;
    connection.textContent = words;
  };
  let openedAt = 0;
  source.onopen = () => {
    openedAt = Date.now();
    list.replaceChildren();
    state("live", "live");
  };
  source.onerror = () => state("lost", "connection lost, trying again");
  source.addEventListener("transition", message => {
    // What comes at once was published before the page opened.
    if (Date.now() - openedAt > 300)
      arrivals.push(Date.now());
    add(JSON.parse(message.data));
    showRate();
  });
}

function schemeList(name, tiers) {
  const total = Math.max(1, Object.values(tiers).reduce((sum, count) => sum + count, 0));
  const items = Object.entries(tiers).map(([tier, count]) => {
    const bar = document.createElement("progress");
    bar.max = total;
    bar.value = count;
    bar.setAttribute("aria-label", `${name} ${tier}`);
    const item = document.createElement("li");
    item.append(text("span", "", tier), bar, text("span", "count", whole.format(count)));
    return item;
  });
  const tierList = document.createElement("ul");
  tierList.className = "scheme";
  tierList.append(...items);
  return [text("h3", "", name), tierList];
}

async function showPopulation() {
  const answer = await fetch("/v1/population").catch(() => null);
  if (!answer?.ok)
    return;
  const population = await answer.json();
  document.getElementById("customers").textContent = whole.format(population.customers);
  document.getElementById("applied").textContent = whole.format(population.applied);
  document.getElementById("clock").textContent = population.clock ? day(population.clock) : "–";
  if (population.customers > 0)
    showSchemes(population.schemes);
}

function showSchemes(schemes) {
  const lists = wanted => Object.entries(schemes).filter(([name]) => firstSchemes.includes(name) === wanted).flatMap(([name, tiers]) => schemeList(name, tiers));
  document.getElementById("schemes").replaceChildren(...lists(true));
  document.getElementById("more-schemes").replaceChildren(...lists(false));
}

document.getElementById("filter").addEventListener("change", event => {
  list.dataset.direction = event.target.value;
});
document.getElementById("search").addEventListener("submit", event => {
  event.preventDefault();
  showProfile(new FormData(event.target).get("customer").trim());
});

connect();
showPopulation();
setInterval(showPopulation, 1_000);
setInterval(showRate, 1_000);
